import type { BatchProgress } from '../../src/core/jobs/batch.ts';
import { NO_BATCH } from '../../src/renderer/restore/jobs-state.ts';

/** A batch of nothing, but for what is given. */
export function batch(given: Partial<BatchProgress> = {}): BatchProgress {
  return { ...NO_BATCH, ...given };
}
