import type { JobView } from '../../api/views.ts';

/** A restored job, its record there. */
export type DoneJob = JobView & { readonly record: NonNullable<JobView['record']> };

export function isDone(job: JobView): job is DoneJob {
  return job.state === 'done' && job.record !== null;
}
