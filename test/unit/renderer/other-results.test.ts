import { describe, expect, it } from 'vitest';
import type { RecordView } from '../../../src/api/views.ts';
import type { DoneJob } from '../../../src/renderer/compare/done-job.ts';
import { otherResults, resultWithout, resultWords } from '../../../src/renderer/compare/other-results.ts';
import { inEnglish } from '../../support/english.ts';

const t = inEnglish('compare');

const MONARCH = { gallery: 'Butterfly wings', name: 'monarch.jpg', sha256: 'a'.repeat(64), similarity: 0.9 };
const RECORD: RecordView = {
  schemaVersion: 1,
  tool: 'RASR',
  createdAt: '2026-01-01T00:00:00.000Z',
  photo: { name: 'photo.jpg', sha256: 'b'.repeat(64), width: 40, height: 30 },
  output: { name: 'photo-restored.jpg', width: 160, height: 120 },
  scale: 4,
  decision: 'found',
  references: [MONARCH],
  sameObject: null,
  referenceStrength: 1,
  detail: null,
  search: null,
  generator: { id: 'rasrnet-small', version: '0.1.0', hash: 'one' },
  retriever: null,
  device: 'CPU',
  tiles: 1,
  fidelity: 30,
  seconds: 1,
};
const WITHOUT: Partial<RecordView> = { decision: 'off', references: [] };

function done(id: string, record: Partial<RecordView> = {}, photoId = 'photo'): DoneJob {
  return {
    id,
    photoId,
    photo: 'photo.jpg',
    settings: { gallery: 'find', scale: 4, referenceStrength: 1, format: 'keep', nameTemplate: '{name}' },
    state: 'done',
    record: { ...RECORD, ...record },
    error: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:01.000Z',
  };
}

function named(jobs: Parameters<typeof otherResults>[1], job: DoneJob): [string, string][] {
  return [...otherResults(t, jobs, job)].map(([words, { id }]) => [words, id]);
}

describe('otherResults', () => {
  const job = done('this');

  it('names what sets each apart, the latest first', () => {
    const jobs = [
      job,
      done('none', WITHOUT),
      done('half', { referenceStrength: 0.5 }),
      done('x2', { scale: 2 }),
    ];
    expect(named(jobs, job)).toEqual([
      ['With monarch.jpg, ×2', 'x2'],
      ['With monarch.jpg, 50 %', 'half'],
      ['No reference', 'none'],
    ]);
  });

  it('offers the latest of those alike, and none that is like the job itself', () => {
    const jobs = [done('old', WITHOUT), done('new', WITHOUT), job, done('twin')];
    expect(named(jobs, job)).toEqual([['No reference', 'new']]);
  });

  it('offers no other photo and nothing that is not done', () => {
    const failed = { ...done('failed', WITHOUT), state: 'failed', record: null } as const;
    const running = { ...done('running', WITHOUT), state: 'running', record: null } as const;
    expect(named([job, failed, running, done('other photo', WITHOUT, 'other')], job)).toEqual([]);
  });

  it('tells models apart', () => {
    const generator = { id: 'large', version: '2.0.0', hash: 'two' };
    expect(named([job, done('large', { generator })], job)).toEqual([
      ['With monarch.jpg, large 2.0.0', 'large'],
    ]);
  });
});

describe('resultWithout', () => {
  const job = done('this');
  const other = { id: 'large', version: '2.0.0', hash: 'two' };

  it('is one without a reference that is alike in all else', () => {
    const without = done('none', WITHOUT);
    expect(resultWithout([done('x2', { ...WITHOUT, scale: 2 }), without], job)).toBe(without);
  });

  it('is not one of another size or model, nor one with a reference', () => {
    const others = [done('x2', { ...WITHOUT, scale: 2 }), done('large', { ...WITHOUT, generator: other })];
    expect(resultWithout([...others, done('with')], job)).toBeUndefined();
  });
});

describe('resultWords', () => {
  it('says nothing of a strength where there was no reference', () => {
    expect(resultWords(t, { ...RECORD, ...WITHOUT, referenceStrength: 0.4 }, RECORD)).toBe('No reference');
  });

  it('names all references', () => {
    const references = [MONARCH, { ...MONARCH, name: 'other.jpg' }];
    expect(resultWords(t, { ...RECORD, references }, RECORD)).toBe('With monarch.jpg, other.jpg');
  });
});
