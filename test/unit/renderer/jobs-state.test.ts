import { describe, expect, it } from 'vitest';
import type { JobView } from '../../../src/api/views.ts';
import { type JobsState, NO_JOBS, reduceJobs } from '../../../src/renderer/restore/jobs-state.ts';

function job(id: string, state: JobView['state'] = 'queued'): JobView {
  return {
    id,
    photoId: `photo of ${id}`,
    photo: `${id}.jpg`,
    settings: {
      gallery: 'find',
      scale: 4,
      referenceStrength: 1,
      format: 'keep',
      nameTemplate: '{name}-restored',
    },
    state,
    record: null,
    error: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    finishedAt: null,
  };
}

/** A snapshot in which nothing is known of any progress. */
function snapshot(...jobs: JobView[]): Parameters<typeof reduceJobs>[1] {
  return { kind: 'snapshot', jobs, progress: {}, batch: NO_JOBS.batch };
}

function afterEvents(...events: Parameters<typeof reduceJobs>[1][]): JobsState {
  return events.reduce(reduceJobs, NO_JOBS);
}

const generating = { stage: 'generating', done: 1, total: 6 } as const;

describe('reduceJobs', () => {
  it('is not loaded before the first snapshot, and is after an empty one', () => {
    expect(NO_JOBS.loaded).toBe(false);
    expect(afterEvents(snapshot())).toEqual({ ...NO_JOBS, loaded: true });
  });

  it('keeps the order of jobs: a changed one stays in its place, a new one comes last', () => {
    const { jobs } = afterEvents(
      snapshot(job('a'), job('b')),
      { kind: 'job', job: job('a', 'done') },
      { kind: 'job', job: job('c') },
    );
    expect(jobs.map(({ id, state }) => `${id} ${state}`)).toEqual(['a done', 'b queued', 'c queued']);
  });

  it('forgets the progress of a job that changed or went', () => {
    const running = afterEvents(
      snapshot(job('a', 'running'), job('b', 'running')),
      { kind: 'progress', id: 'a', progress: generating },
      { kind: 'progress', id: 'b', progress: generating },
    );
    expect(running.progress).toEqual({ a: generating, b: generating });
    const ended = reduceJobs(running, { kind: 'job', job: job('a', 'done') });
    expect(ended.progress).toEqual({ b: generating });
    expect(reduceJobs(ended, { kind: 'removed', id: 'b' })).toMatchObject({
      jobs: [{ id: 'a' }],
      progress: {},
    });
  });

  it('takes a snapshot as the truth, with the progress and the batch it tells', () => {
    const before = afterEvents(snapshot(job('a', 'running'), job('gone')), {
      kind: 'progress',
      id: 'a',
      progress: generating,
    });
    const batch = { ...NO_JOBS.batch, total: 2, done: 1, running: 1, share: 0.7 };
    const later = { stage: 'generating', done: 4, total: 6 } as const;
    const again = reduceJobs(before, {
      kind: 'snapshot',
      jobs: [job('a', 'done'), job('b', 'running')],
      progress: { b: later },
      batch,
    });
    expect(again.jobs.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(again.progress).toEqual({ b: later });
    expect(again.batch).toEqual(batch);
  });

  it('follows the batch', () => {
    const batch = { ...NO_JOBS.batch, total: 3, waiting: 3, paused: true };
    expect(afterEvents(snapshot(), { kind: 'batch', batch }).batch).toEqual(batch);
  });
});
