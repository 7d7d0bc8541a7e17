import type { JobEvent, JobView } from '../../api/views.ts';
import type { Batch } from './batch-words.ts';

/** Where a running job is, as the engine tells it. */
export type JobProgress = Extract<JobEvent, { kind: 'progress' }>['progress'];

/** All jobs in the order they were added, where the running ones are, and how far the batch is. */
export interface JobsState {
  /** False until the first snapshot has come. */
  readonly loaded: boolean;
  readonly jobs: readonly JobView[];
  readonly progress: Readonly<Record<string, JobProgress>>;
  readonly batch: Batch;
}

export const NO_BATCH: Batch = {
  total: 0,
  done: 0,
  failed: 0,
  waiting: 0,
  running: 0,
  paused: false,
  share: 0,
  secondsLeft: null,
};

export const NO_JOBS: JobsState = { loaded: false, jobs: [], progress: {}, batch: NO_BATCH };

/** The list after an event. Nothing but the engine's events changes it, so every window shows the same. */
export function reduceJobs(state: JobsState, event: JobEvent): JobsState {
  switch (event.kind) {
    case 'snapshot': {
      const { jobs, progress, batch } = event;
      return { loaded: true, jobs, progress, batch };
    }
    case 'job': {
      const { job } = event;
      const known = state.jobs.some(({ id }) => id === job.id);
      const jobs = known ? state.jobs.map((old) => (old.id === job.id ? job : old)) : [...state.jobs, job];
      return { ...state, jobs, progress: without(state.progress, job.id) };
    }
    case 'removed': {
      const jobs = state.jobs.filter(({ id }) => id !== event.id);
      return { ...state, jobs, progress: without(state.progress, event.id) };
    }
    case 'progress':
      return { ...state, progress: { ...state.progress, [event.id]: event.progress } };
    case 'batch':
      return { ...state, batch: event.batch };
  }
}

function without<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
): Readonly<Record<string, Value>> {
  if (!(key in record)) return record;
  const { [key]: _removed, ...rest } = record;
  return rest;
}
