import type { BatchProgress } from '../core/jobs/batch.ts';
import type { Texts } from './messages.ts';

/** A notification of the system. */
export interface Notice {
  readonly title: string;
  readonly body: string;
}

/**
 * What to tell someone who looks elsewhere: that the batch has ended, and how. Null while it goes on, and
 * where all of it was cancelled, for whoever did that knows.
 */
export function batchNotice(batch: BatchProgress, before: BatchProgress | null, texts: Texts): Notice | null {
  if (before === null || !isOpen(before) || isOpen(batch)) return null;
  const lines = [
    ...(batch.done > 0 ? [texts('restored', { count: batch.done })] : []),
    ...(batch.failed > 0 ? [texts('failed', { count: batch.failed })] : []),
  ];
  return lines.length === 0 ? null : { title: texts('batchEnded'), body: lines.join(' · ') };
}

function isOpen({ waiting, running }: BatchProgress): boolean {
  return waiting + running > 0;
}
