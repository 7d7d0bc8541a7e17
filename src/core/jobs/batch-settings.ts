import type { Library } from '../library/library.ts';
import { type JobSettings, jobSettings } from './job.ts';

/** What the user chooses for the next photos: a job's settings but for what is about one photo alone. */
export const batchSettings = jobSettings.omit({ handPicked: true });
export type BatchSettings = Omit<JobSettings, 'handPicked'>;

const SETTING = 'batch-settings';

/** The settings for the next photos, kept with the library so that they are the same in every window. */
export function readBatchSettings(library: Library): BatchSettings | null {
  const value = library.setting(SETTING);
  if (value === undefined) return null;
  // A later version may have written what this one does not know.
  const { data } = batchSettings.safeParse(JSON.parse(value));
  return data ?? null;
}

export function writeBatchSettings(library: Library, settings: BatchSettings): void {
  library.setSetting(SETTING, JSON.stringify(settings));
}
