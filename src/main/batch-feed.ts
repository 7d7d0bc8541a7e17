import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '../api/router.ts';
import type { BatchProgress } from '../core/jobs/batch.ts';

/** Whether photos are being restored now or will be without anybody asking again. */
export function isWorking({ waiting, running, paused }: BatchProgress): boolean {
  return running > 0 || (waiting > 0 && !paused);
}

/** What listens to the batch; `before` is null at first and after the engine was started again. */
export type BatchListener = (batch: BatchProgress, before: BatchProgress | null) => void;

/** How far the batch is, from the engine's own events: for the taskbar, the menus, notifications and quitting. */
export class BatchFeed {
  readonly #listeners: readonly BatchListener[];
  #latest: BatchProgress | null = null;
  #subscription: { unsubscribe(): void } | null = null;

  constructor(listeners: readonly BatchListener[]) {
    this.#listeners = listeners;
  }

  /** The batch as it was last told of; null before the engine has answered. */
  get latest(): BatchProgress | null {
    return this.#latest;
  }

  /** Listens to this engine, and no longer to the one before. */
  follow(client: TRPCClient<AppRouter>): void {
    this.#subscription?.unsubscribe();
    this.#latest = null;
    this.#subscription = client.jobs.events.subscribe(undefined, {
      onData: (event) => {
        if (event.kind !== 'batch' && event.kind !== 'snapshot') return;
        const before = this.#latest;
        this.#latest = event.batch;
        for (const listener of this.#listeners) listener(event.batch, before);
      },
    });
  }
}
