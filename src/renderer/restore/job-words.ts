import type { JobView } from '../../api/views.ts';
import type { T } from './batch-words.ts';
import type { JobProgress } from './jobs-state.ts';

/** What a running job is doing, in words. */
export function stageWords(t: T, progress: JobProgress | undefined): string {
  switch (progress?.stage) {
    case undefined:
      return t('job.running');
    case 'decoding':
      return t('job.decoding');
    case 'generating':
      return progress.total === 1
        ? t('job.running')
        : t('job.tile', { tile: tileOf(progress), total: progress.total });
    case 'encoding':
      return t('job.encoding');
    default:
      return t('job.finding');
  }
}

/** Share of a running job that is done, 0…1; null where the stage tells none. */
export function shareDone(progress: JobProgress | undefined): number | null {
  if (progress?.stage === 'generating') return progress.done / progress.total;
  return progress?.stage === 'encoding' ? 1 : null;
}

/** A job's state in words, as the filmstrip names it. */
export function stateWords(t: T, job: JobView, progress: JobProgress | undefined): string {
  return job.state === 'running' ? stageWords(t, progress) : t(`job.${job.state}`);
}

function tileOf({ done, total }: { done: number; total: number }): number {
  return Math.min(done + 1, total);
}
