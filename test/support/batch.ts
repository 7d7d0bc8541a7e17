import type { BatchProgress } from '../../src/core/jobs/batch.ts';

/** A batch of nothing, but for what is given. */
export function batch(given: Partial<BatchProgress> = {}): BatchProgress {
  return {
    total: 0,
    done: 0,
    failed: 0,
    waiting: 0,
    running: 0,
    paused: false,
    share: 0,
    secondsLeft: null,
    ...given,
  };
}
