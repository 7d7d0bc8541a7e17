import type { JobEvent, JobView } from '../../api/views.ts';

/** Where a running job is, as the engine tells it. */
export type JobProgress = Extract<JobEvent, { kind: 'progress' }>['progress'];

/** All jobs in the order they were added, and where the running ones are. */
export interface JobsState {
  /** False until the first snapshot has come. */
  readonly loaded: boolean;
  readonly jobs: readonly JobView[];
  readonly progress: Readonly<Record<string, JobProgress>>;
}

export const NO_JOBS: JobsState = { loaded: false, jobs: [], progress: {} };

/** The list after an event. Nothing but the engine's events changes it, so every window shows the same. */
export function reduceJobs(state: JobsState, event: JobEvent): JobsState {
  switch (event.kind) {
    case 'snapshot': {
      const running = new Set(event.jobs.filter(isRunning).map(({ id }) => id));
      const progress = Object.fromEntries(Object.entries(state.progress).filter(([id]) => running.has(id)));
      return { loaded: true, jobs: event.jobs, progress };
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
  }
}

/** How far the whole list is. Cancelled jobs are no longer part of the work. */
export interface Tally {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly waiting: number;
  readonly running: number;
}

export function tally(jobs: readonly JobView[]): Tally {
  const count = (state: JobView['state']) => jobs.filter((job) => job.state === state).length;
  return {
    total: jobs.length - count('cancelled'),
    done: count('done'),
    failed: count('failed'),
    waiting: count('queued'),
    running: count('running'),
  };
}

function isRunning({ state }: JobView): boolean {
  return state === 'running';
}

function without<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
): Readonly<Record<string, Value>> {
  if (!(key in record)) return record;
  const { [key]: _removed, ...rest } = record;
  return rest;
}
