import { z } from 'zod';
import { IMAGE_FORMATS } from '../photo/formats.ts';
import { DEFAULT_NAME_TEMPLATE } from '../restoration/output-name.ts';
import { OUTPUT_SCALES } from '../restoration/plan.ts';
import type { RestorationRecord } from '../restoration/record.ts';
import type { RestorationProgress } from '../restoration/restore.ts';
import type { BatchProgress } from './batch.ts';

const referenceIds = z.array(z.int().positive()).max(100);

/** References the user decided on for one photo, by their ids in the library. */
export const handPicked = z.object({
  /** Used whatever their similarity; a search fills up what room they leave. */
  pinned: referenceIds.default([]),
  /** Not used, and neither is the same picture in another gallery. */
  excluded: referenceIds.default([]),
  /** Used instead of any that a search would find; empty for searching. */
  chosen: referenceIds.default([]),
});
export type HandPicked = z.infer<typeof handPicked>;

/** What the user chose for a batch. */
export const jobSettings = z.object({
  /** `find` searches all galleries, a number that gallery, `none` uses no reference. */
  gallery: z.union([z.literal('find'), z.literal('none'), z.int().positive()]),
  scale: z.literal(OUTPUT_SCALES),
  /** How much references count, 0…1; jobs of earlier versions have none. */
  referenceStrength: z.number().min(0).max(1).default(1),
  /** How much detail to invent, 0…1; without, and with a generator that cannot be told, its own choice. */
  detail: z.number().min(0).max(1).optional(),
  format: z.enum(['keep', ...IMAGE_FORMATS]),
  /** Names the outputs; jobs of earlier versions have none. */
  nameTemplate: z.string().max(200).default(DEFAULT_NAME_TEMPLATE),
  /**
   * Absolute path of the folder outputs go to, below it in the subfolders their photos came in. Without, outputs
   * lie beside their photos, and those of photos that came as bytes stay in the library until they are saved.
   */
  outputFolder: z.string().max(4096).optional(),
  /** Without, references are found by `gallery` alone. */
  handPicked: handPicked.optional(),
});
export type JobSettings = z.infer<typeof jobSettings>;
/** Settings as they are handed in: what is left out has its default. */
export type JobSettingsInput = z.input<typeof jobSettings>;

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** An error as people see it. */
export interface JobError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** One photo in a batch, as the queue knows it. */
export interface Job {
  readonly id: string;
  readonly photoId: string;
  readonly photo: string;
  readonly settings: JobSettings;
  readonly state: JobState;
  /** Absolute path of the output: where it will be once it is chosen, where it is once done. */
  readonly output: string | null;
  readonly record: RestorationRecord | null;
  readonly error: JobError | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** What becomes of the job at work when the engine closes. */
export type CurrentJob = 'finish' | 'park';

/** What happens to jobs. */
export type JobChange =
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'removed'; readonly id: string }
  /** Many changed or went at once: the list is to be read anew. */
  | { readonly kind: 'list' }
  | { readonly kind: 'batch'; readonly batch: BatchProgress }
  | { readonly kind: 'progress'; readonly id: string; readonly progress: RestorationProgress };

/** What the jobs tell the hosts. */
export interface JobEvents {
  change: [JobChange];
}
