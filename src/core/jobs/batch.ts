import type { JobState } from './job.ts';

/**
 * How far the batch is: the one figure every host shows, in the window, its title and the taskbar.
 * Cancelled photos are no longer part of the work and are counted nowhere.
 */
export interface BatchProgress {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly waiting: number;
  readonly running: number;
  /** Whether the queue is paused: no further photo is begun. */
  readonly paused: boolean;
  /** Share of the work that is done, 0…1, measured in pixels: a large photo counts for more. */
  readonly share: number;
  /** Seconds of work left; null where nothing is left or no photo has told yet how long one takes. */
  readonly secondsLeft: number | null;
}

/** A job as work to be done. */
export interface JobWork {
  readonly id: string;
  readonly state: JobState;
  /**
   * Pixels of the photo. The generator makes sixteen for each of them, whatever scale its output is then
   * reduced to, so the time follows these and not the pixels of the file that is written.
   */
  readonly pixels: number;
  /** ISO 8601 */
  readonly createdAt: string;
  /** ISO 8601; null while the job is open. */
  readonly finishedAt: string | null;
}

/** How long a piece of work took. */
export interface WorkSample {
  readonly seconds: number;
  readonly pixels: number;
}

/** The job at work: the part of it that is done, 0…1, and the seconds that part took. */
export interface RunningWork {
  readonly id: string;
  readonly share: number;
  readonly seconds: number;
}

/** Each photo further back counts this much less: a machine that got slower shows within a few photos. */
const DECAY = 0.7;

/** A queue idle for less than this still works at one batch: photos arrive in portions. */
const SAME_BATCH_MS = 10_000;

/**
 * The jobs of the current batch: all since the queue was last idle. It remains the current one after
 * its last job has ended, until another begins.
 *
 * @param jobs in the order they were added
 */
export function currentBatch(jobs: readonly JobWork[]): JobWork[] {
  let batch: JobWork[] = [];
  let busyUntil = Number.NEGATIVE_INFINITY;
  for (const job of jobs) {
    if (Date.parse(job.createdAt) > busyUntil + SAME_BATCH_MS) batch = [];
    batch.push(job);
    const end = job.finishedAt === null ? Number.POSITIVE_INFINITY : Date.parse(job.finishedAt);
    busyUntil = Math.max(busyUntil, end);
  }
  return batch;
}

/**
 * Seconds a pixel takes, as a mean whose weights fall off exponentially with age; null without evidence.
 *
 * @param samples oldest first
 */
export function secondsPerPixel(samples: readonly WorkSample[]): number | null {
  let seconds = 0;
  let pixels = 0;
  for (const sample of samples) {
    seconds = seconds * DECAY + sample.seconds;
    pixels = pixels * DECAY + sample.pixels;
  }
  return pixels > 0 ? seconds / pixels : null;
}

/**
 * Sums up the current batch.
 *
 * @param jobs all jobs, in the order they were added
 * @param finished photos restored lately, oldest first
 * @param running what is known of the job at work; null where none is
 */
export function batchProgress(
  jobs: readonly JobWork[],
  finished: readonly WorkSample[],
  running: RunningWork | null,
  paused: boolean,
): BatchProgress {
  const batch = currentBatch(jobs).filter(({ state }) => state !== 'cancelled');
  const count = (state: JobState) => batch.filter((job) => job.state === state).length;
  const begun = batch.find(({ id }) => id === running?.id);
  const begunPixels = begun === undefined || running === null ? 0 : begun.pixels * running.share;
  const all = sumOfPixels(batch);
  const left = sumOfPixels(batch.filter(isOpen)) - begunPixels;

  const samples =
    running === null || begunPixels === 0
      ? finished
      : [...finished, { seconds: running.seconds, pixels: begunPixels }];
  const rate = secondsPerPixel(samples);
  const open = batch.some(isOpen);
  return {
    total: batch.length,
    done: count('done'),
    failed: count('failed'),
    waiting: count('queued'),
    running: count('running'),
    paused,
    share: all === 0 ? 0 : (all - left) / all,
    secondsLeft: rate === null || !open ? null : rate * left,
  };
}

function isOpen({ state }: JobWork): boolean {
  return state === 'queued' || state === 'running';
}

function sumOfPixels(jobs: readonly JobWork[]): number {
  return jobs.reduce((sum, { pixels }) => sum + pixels, 0);
}
