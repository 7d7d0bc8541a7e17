import { describe, expect, it } from 'vitest';
import { jobView } from '../../../src/api/views.ts';
import type { Job } from '../../../src/core/jobs/job.ts';
import type { RestorationRecord } from '../../../src/core/restoration/record.ts';

describe('jobView', () => {
  const sameObject = { sha256: 'a', used: 0.6, overlap: 0.85, weightMap: 'iVBORw0KGgo=' };
  const record = { decision: 'found', sameObject } as RestorationRecord;
  const job = { id: 'job', photo: 'photo.jpg', output: '/home/me/photo.png', record } as Job;

  it('keeps paths and weight maps back, in a list of thousands too', () => {
    const text = JSON.stringify(jobView(job));
    expect(text).not.toContain('/home/me');
    expect(text).not.toContain(sameObject.weightMap);
  });

  it('keeps the rest', () => {
    const { weightMap: _weightMap, ...shown } = sameObject;
    expect(jobView(job)).toEqual({
      id: 'job',
      photo: 'photo.jpg',
      record: { decision: 'found', sameObject: shown },
    });
    expect(jobView({ ...job, record: null }).record).toBeNull();
    const plain = { ...record, sameObject: null };
    expect(jobView({ ...job, record: plain }).record).toEqual(plain);
  });
});
