import type { JobView } from '../../api/views.ts';
import type { JobProgress } from './jobs-state.ts';

/** What a running job is doing, in words. */
export function stageWords(progress: JobProgress | undefined): string {
  switch (progress?.stage) {
    case undefined:
      return 'Restoring';
    case 'decoding':
      return 'Reading the photo';
    case 'finding references':
      return 'Finding references';
    case 'generating':
      return progress.total === 1 ? 'Restoring' : `Restoring, tile ${tileOf(progress)} of ${progress.total}`;
    case 'encoding':
      return 'Saving';
  }
}

/** Share of a running job that is done, 0…1; null where the stage tells none. */
export function shareDone(progress: JobProgress | undefined): number | null {
  if (progress?.stage === 'generating') return progress.done / progress.total;
  return progress?.stage === 'encoding' ? 1 : null;
}

/** A job's state in words, as the filmstrip names it. */
export function stateWords(job: JobView, progress: JobProgress | undefined): string {
  switch (job.state) {
    case 'queued':
      return 'Waiting';
    case 'running':
      return stageWords(progress);
    case 'done':
      return 'Restored';
    case 'failed':
      return 'Failed';
    case 'cancelled':
      return 'Cancelled';
  }
}

function tileOf({ done, total }: { done: number; total: number }): number {
  return Math.min(done + 1, total);
}
