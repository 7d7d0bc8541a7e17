import type { JobEvent } from '../../api/views.ts';

/** How far the current batch is, as the engine tells it. */
export type Batch = Extract<JobEvent, { kind: 'batch' }>['batch'];

/** Whether photos of the batch wait or are at work. */
export function isOpen({ waiting, running }: Batch): boolean {
  return waiting + running > 0;
}

/** How long the rest takes, as roughly as it is known. */
export function timeLeftWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 45) return 'less than a minute left';
  if (minutes < 60) return `about ${Math.max(1, minutes)} min left`;
  // From an hour on, single minutes promise more than is known.
  const tens = Math.round(minutes / 10) * 10;
  const hours = Math.floor(tens / 60);
  const rest = tens % 60;
  return rest === 0 || hours >= 10
    ? `about ${Math.round(minutes / 60)} h left`
    : `about ${hours} h ${rest} min left`;
}

/** "12 of 20 · about 3 min left" while the batch is open. */
export function batchWords(batch: Batch): string {
  const count = countWords(batch);
  if (batch.paused) return batch.running > 0 ? `${count} · pausing after this photo` : `${count} · paused`;
  return batch.secondsLeft === null ? count : `${count} · ${timeLeftWords(batch.secondsLeft)}`;
}

/** The window's title: tells in the tab or the taskbar how far the batch is. */
export function windowTitle(batch: Batch): string {
  return isOpen(batch) ? `${batchWords(batch)} – RASR` : 'RASR';
}

/**
 * What a screen reader should say of a change: begin, each quarter, pause and end, but not every tile.
 *
 * @returns null where the change is not worth interrupting for
 */
export function announcement(before: Batch, after: Batch): string | null {
  if (isOpen(before) && !isOpen(after)) return endWords(after);
  if (!isOpen(after)) return null;
  if (before.paused !== after.paused) return after.paused ? 'Restoring is paused.' : 'Restoring goes on.';
  if (!isOpen(before)) return 'Restoring has begun.';
  if (after.paused) return null;
  return quarters(after) > quarters(before) ? `${batchWords(after)}${failedWords(after)}` : null;
}

function endWords({ total, done, failed }: Batch): string {
  if (total === 0) return 'All photos were cancelled.';
  const end = done === 1 ? 'One photo is restored' : `${done} photos are restored`;
  return failed === 0 ? `${end}.` : `${end}, ${failed} failed.`;
}

function countWords({ done, failed, total }: Batch): string {
  return `${done + failed} of ${total}`;
}

function failedWords({ failed }: Batch): string {
  return failed === 0 ? '' : `, ${failed} failed`;
}

function quarters({ done, failed, total }: Batch): number {
  return Math.floor((4 * (done + failed)) / total);
}
