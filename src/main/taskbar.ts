import type { TRPCClient } from '@trpc/client';
import type { BrowserWindow, ProgressBarOptions } from 'electron';
import type { AppRouter } from '../api/router.ts';
import type { JobEvent } from '../api/views.ts';

type Batch = Extract<JobEvent, { kind: 'batch' }>['batch'];

/** What a window's icon in the dock or taskbar shows. */
export interface TaskbarProgress {
  /** 0…1; below 0 takes the bar away. */
  readonly value: number;
  readonly mode: NonNullable<ProgressBarOptions['mode']>;
}

/** The batch as a progress bar: grey while paused, red once a photo failed, gone when nothing is left to do. */
export function taskbarProgress({ waiting, running, paused, failed, share }: Batch): TaskbarProgress {
  if (waiting + running === 0) return { value: -1, mode: 'none' };
  return { value: share, mode: paused ? 'paused' : failed > 0 ? 'error' : 'normal' };
}

/** Shows the batch of this engine on the windows' icons, for as long as the engine runs. */
export function showOnTaskbar(client: TRPCClient<AppRouter>, windows: () => BrowserWindow[]): void {
  client.jobs.events.subscribe(undefined, {
    onData(event) {
      if (event.kind !== 'batch' && event.kind !== 'snapshot') return;
      const { value, mode } = taskbarProgress(event.batch);
      for (const window of windows()) window.setProgressBar(value, { mode });
    },
  });
}
