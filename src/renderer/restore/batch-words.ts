import type { TFunction } from 'i18next';
import type { JobEvent } from '../../api/views.ts';

/** The messages of this folder. */
export type T = TFunction<'restore'>;

/** How far the current batch is, as the engine tells it. */
export type Batch = Extract<JobEvent, { kind: 'batch' }>['batch'];

/** Whether photos of the batch wait or are at work. */
export function isOpen({ waiting, running }: Batch): boolean {
  return waiting + running > 0;
}

/** How long the rest takes, as roughly as it is known. */
export function timeLeftWords(t: T, seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 45) return t('timeLeft.moment');
  if (minutes < 60) return t('timeLeft.minutes', { minutes: Math.max(1, minutes) });
  // From an hour on, single minutes promise more than is known.
  const tens = Math.round(minutes / 10) * 10;
  const hours = Math.floor(tens / 60);
  const rest = tens % 60;
  return rest === 0 || hours >= 10
    ? t('timeLeft.hours', { hours: Math.round(minutes / 60) })
    : t('timeLeft.hoursAndMinutes', { hours, minutes: rest });
}

/** "12 of 20 · about 3 min left" while the batch is open. */
export function batchWords(t: T, batch: Batch): string {
  const count = t('batch.count', { done: batch.done + batch.failed, total: batch.total });
  if (batch.paused) return `${count} · ${batch.running > 0 ? t('batch.pausing') : t('batch.paused')}`;
  return batch.secondsLeft === null ? count : `${count} · ${timeLeftWords(t, batch.secondsLeft)}`;
}

/** The window's title: tells in the tab or the taskbar how far the batch is. */
export function windowTitle(t: T, batch: Batch): string {
  return isOpen(batch) ? t('batch.title', { words: batchWords(t, batch) }) : 'RASR';
}

/**
 * What a screen reader should say of a change: begin, each quarter, pause and end, but not every tile.
 *
 * @returns null where the change is not worth interrupting for
 */
export function announcement(t: T, before: Batch, after: Batch): string | null {
  if (isOpen(before) && !isOpen(after)) return endWords(t, after);
  if (!isOpen(after)) return null;
  if (before.paused !== after.paused) return after.paused ? t('announced.paused') : t('announced.resumed');
  if (!isOpen(before)) return t('announced.begun');
  if (after.paused || quarters(after) <= quarters(before)) return null;
  const words = batchWords(t, after);
  return after.failed === 0 ? words : t('announced.progress', { words, count: after.failed });
}

function endWords(t: T, { total, done, failed }: Batch): string {
  if (total === 0) return t('announced.cancelled');
  return failed === 0
    ? t('announced.end', { count: done })
    : t('announced.endFailed', { count: done, failed });
}

function quarters({ done, failed, total }: Batch): number {
  return Math.floor((4 * (done + failed)) / total);
}
