import { describe, expect, it } from 'vitest';
import {
  batchProgress,
  currentBatch,
  type JobWork,
  secondsPerPixel,
} from '../../../../src/core/jobs/batch.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

/** A job added and ended at these seconds; `end` null: still open. */
function job(id: string, state: JobWork['state'], start: number, end: number | null, pixels = 100): JobWork {
  return { id, state, pixels, createdAt: at(start), finishedAt: end === null ? null : at(end) };
}

const ids = (jobs: readonly JobWork[]) => jobs.map(({ id }) => id);

describe('currentBatch', () => {
  it('is all jobs since the queue was last idle', () => {
    const jobs = [
      job('old', 'done', 0, 30),
      job('older failure', 'failed', 0, 60),
      job('first', 'done', 600, 640),
      // Handed over while the first was at work, long before the next: one batch.
      job('second', 'done', 639, 700),
      job('third', 'queued', 690, null),
    ];
    expect(ids(currentBatch(jobs))).toEqual(['first', 'second', 'third']);
  });

  it('keeps photos together that arrive in portions, each restored before the next comes', () => {
    const jobs = [job('a', 'done', 0, 1), job('b', 'done', 8, 9), job('c', 'queued', 30, null)];
    expect(ids(currentBatch(jobs.slice(0, 2)))).toEqual(['a', 'b']);
    expect(ids(currentBatch(jobs))).toEqual(['c']);
  });

  it('remains after its last job has ended, and there is none without jobs', () => {
    expect(ids(currentBatch([job('a', 'done', 0, 5), job('b', 'failed', 0, 9)]))).toEqual(['a', 'b']);
    expect(currentBatch([])).toEqual([]);
  });
});

describe('secondsPerPixel', () => {
  it('is unknown without evidence', () => {
    expect(secondsPerPixel([])).toBeNull();
  });

  it('weighs a photo by its size and is exact where all took alike', () => {
    expect(secondsPerPixel([{ seconds: 10, pixels: 100 }])).toBeCloseTo(0.1, 12);
    const alike = [1, 400, 20].map((pixels) => ({ seconds: pixels * 0.2, pixels }));
    expect(secondsPerPixel(alike)).toBeCloseTo(0.2, 12);
  });

  it('follows a machine that got slower within a few photos', () => {
    const fast = Array.from({ length: 10 }, () => ({ seconds: 1, pixels: 1 }));
    const slow = Array.from({ length: 4 }, () => ({ seconds: 3, pixels: 1 }));
    const rate = secondsPerPixel([...fast, ...slow])!;
    expect(rate).toBeGreaterThan(2.4);
    expect(rate).toBeLessThan(3);
    // In the other order the slow ones are history.
    expect(secondsPerPixel([...slow, ...fast])!).toBeLessThan(1.1);
  });
});

describe('batchProgress', () => {
  const batch = [
    job('a', 'done', 0, 10, 100),
    job('b', 'failed', 0, 11, 100),
    job('c', 'cancelled', 0, 12, 10_000),
    job('d', 'running', 0, null, 400),
    job('e', 'queued', 0, null, 400),
  ];

  it('counts and measures the work, cancelled photos left out', () => {
    const { share, ...counts } = batchProgress(batch, [], null, false);
    expect(counts).toEqual({
      total: 4,
      done: 1,
      failed: 1,
      waiting: 1,
      running: 1,
      paused: false,
      secondsLeft: null,
    });
    expect(share).toBeCloseTo(200 / 1000, 12);
  });

  it('tells the time left from what finished photos took for their size', () => {
    const finished = [{ seconds: 50, pixels: 100 }];
    expect(batchProgress(batch, finished, null, false).secondsLeft).toBeCloseTo(0.5 * 800, 9);
  });

  it('takes the part of the running photo that is done as progress and as evidence', () => {
    const running = { id: 'd', share: 0.25, seconds: 20 };
    const known = batchProgress(batch, [], running, true);
    expect(known.share).toBeCloseTo(300 / 1000, 12);
    expect(known.secondsLeft).toBeCloseTo((20 / 100) * 700, 9);
    expect(known.paused).toBe(true);
    expect(batchProgress(batch, [], { ...running, share: 0 }, false).secondsLeft).toBeNull();
  });

  it('leaves nothing to wait for once all have ended', () => {
    const ended = batch.slice(0, 3);
    const evidence = [{ seconds: 1, pixels: 1 }];
    expect(batchProgress(ended, evidence, null, false)).toMatchObject({
      share: 1,
      secondsLeft: null,
      total: 2,
    });
    expect(batchProgress([], evidence, null, false)).toMatchObject({ share: 0, secondsLeft: null, total: 0 });
  });
});
