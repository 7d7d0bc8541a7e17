import type { ProgressBarOptions } from 'electron';
import type { BatchProgress } from '../core/jobs/batch.ts';

/** What a window's icon in the dock or taskbar shows. */
export interface TaskbarProgress {
  /** 0…1; below 0 takes the bar away. */
  readonly value: number;
  readonly mode: NonNullable<ProgressBarOptions['mode']>;
}

/** The batch as a progress bar: grey while paused, red once a photo failed, gone when nothing is left to do. */
export function taskbarProgress({ waiting, running, paused, failed, share }: BatchProgress): TaskbarProgress {
  if (waiting + running === 0) return { value: -1, mode: 'none' };
  return { value: share, mode: paused ? 'paused' : failed > 0 ? 'error' : 'normal' };
}
