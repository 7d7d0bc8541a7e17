import { describe, expect, it } from 'vitest';
import type { JobView } from '../../../src/api/views.ts';
import { type JobsState, NO_JOBS, reduceJobs, tally } from '../../../src/renderer/restore/jobs-state.ts';

function job(id: string, state: JobView['state'] = 'queued'): JobView {
  return {
    id,
    photoId: `photo of ${id}`,
    photo: `${id}.jpg`,
    settings: { gallery: 'find', scale: 4, format: 'keep' },
    state,
    record: null,
    error: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    finishedAt: null,
  };
}

function afterEvents(...events: Parameters<typeof reduceJobs>[1][]): JobsState {
  return events.reduce(reduceJobs, NO_JOBS);
}

const generating = { stage: 'generating', done: 1, total: 6 } as const;

describe('reduceJobs', () => {
  it('is not loaded before the first snapshot, and is after an empty one', () => {
    expect(NO_JOBS.loaded).toBe(false);
    expect(afterEvents({ kind: 'snapshot', jobs: [] })).toEqual({ loaded: true, jobs: [], progress: {} });
  });

  it('keeps the order of jobs: a changed one stays in its place, a new one comes last', () => {
    const { jobs } = afterEvents(
      { kind: 'snapshot', jobs: [job('a'), job('b')] },
      { kind: 'job', job: job('a', 'done') },
      { kind: 'job', job: job('c') },
    );
    expect(jobs.map(({ id, state }) => `${id} ${state}`)).toEqual(['a done', 'b queued', 'c queued']);
  });

  it('forgets the progress of a job that changed or went', () => {
    const running = afterEvents(
      { kind: 'snapshot', jobs: [job('a', 'running'), job('b', 'running')] },
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

  it('takes the snapshot of a reconnection as the truth, but keeps the progress of what still runs', () => {
    const before = afterEvents(
      { kind: 'snapshot', jobs: [job('a', 'running'), job('b', 'running'), job('gone')] },
      { kind: 'progress', id: 'a', progress: generating },
      { kind: 'progress', id: 'b', progress: generating },
    );
    const again = reduceJobs(before, { kind: 'snapshot', jobs: [job('a', 'done'), job('b', 'running')] });
    expect(again.jobs.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(again.progress).toEqual({ b: generating });
  });
});

describe('tally', () => {
  it('leaves cancelled jobs out of the total', () => {
    const jobs = (['done', 'failed', 'queued', 'running', 'cancelled'] as const).map((state) =>
      job(state, state),
    );
    expect(tally(jobs)).toEqual({ total: 4, done: 1, failed: 1, waiting: 1, running: 1 });
  });
});
