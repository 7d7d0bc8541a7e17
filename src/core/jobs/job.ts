import { z } from 'zod';
import { IMAGE_FORMATS } from '../photo/formats.ts';
import { OUTPUT_SCALES } from '../restoration/plan.ts';
import type { RestorationRecord } from '../restoration/record.ts';
import type { RestorationProgress } from '../restoration/restore.ts';

/** What the user chose for a batch. */
export const jobSettings = z.object({
  /** `find` searches all galleries, a number that gallery, `none` uses no reference. */
  gallery: z.union([z.literal('find'), z.literal('none'), z.int().positive()]),
  scale: z.literal(OUTPUT_SCALES),
  format: z.enum(['keep', ...IMAGE_FORMATS]),
});
export type JobSettings = z.infer<typeof jobSettings>;

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
  /** Absolute path of the output, once done. */
  readonly output: string | null;
  readonly record: RestorationRecord | null;
  readonly error: JobError | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** What happens to jobs. */
export type JobChange =
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'removed'; readonly id: string }
  | { readonly kind: 'progress'; readonly id: string; readonly progress: RestorationProgress };

/** What the jobs tell the hosts. */
export interface JobEvents {
  change: [JobChange];
}
