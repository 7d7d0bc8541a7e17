import { describe, expect, it } from 'vitest';
import { batchNotice } from '../../../src/main/batch-notice.ts';
import { textsIn } from '../../../src/main/messages.ts';
import { batch } from '../../support/batch.ts';

const notice = (now: ReturnType<typeof batch>, before: ReturnType<typeof batch> | null) =>
  batchNotice(now, before, textsIn('en'));

describe('batchNotice', () => {
  const atWork = batch({ total: 20, done: 17, failed: 2, running: 1 });

  it('tells once how a batch ended', () => {
    const ended = batch({ total: 20, done: 18, failed: 2, share: 1 });
    expect(notice(ended, atWork)).toEqual({
      title: 'Batch finished',
      body: '18 photos restored · 2 photos failed',
    });
    expect(notice(ended, ended)).toBeNull();
    expect(notice(batch({ total: 1, done: 1 }), atWork)?.body).toBe('1 photo restored');
    expect(notice(batch({ total: 1, failed: 1 }), atWork)?.body).toBe('1 photo failed');
  });

  it('is silent while photos are left, paused or not, and at the start', () => {
    expect(notice(batch({ ...atWork, running: 0, waiting: 1 }), atWork)).toBeNull();
    expect(notice(batch({ ...atWork, running: 0, waiting: 1, paused: true }), atWork)).toBeNull();
    expect(notice(batch({ total: 5, done: 5 }), null)).toBeNull();
  });

  it('is silent where everything was cancelled', () => {
    expect(notice(batch(), atWork)).toBeNull();
  });
});
