import { z } from 'zod';
import type { Engine } from '../core/engine.ts';
import type { Reference } from '../core/galleries/galleries.ts';
import type { JobSettings } from '../core/jobs/job.ts';
import type { Closeness } from '../core/retrieval/closeness.ts';
import { procedure, router } from './trpc.ts';

/** References told at once, to choose from: more than anybody looks through, and few enough for one answer. */
const MAX_RANKED = 2000;

/** A reference and how like it is to a photo. */
export interface RankedReference extends Reference {
  readonly similarity: number;
  readonly closeness: Closeness;
}

/** References to choose from for a photo. */
export interface RankingView {
  /** How many there are; the nearest of them are told. */
  readonly total: number;
  readonly references: readonly RankedReference[];
}

/** @throws RasrError `GALLERY_MISSING` or `REFERENCE_MISSING` where something was removed meanwhile */
export function checkReferences({ galleries }: Engine, { gallery, handPicked }: JobSettings): void {
  if (typeof gallery === 'number') galleries.get(gallery);
  for (const id of [...(handPicked?.pinned ?? []), ...(handPicked?.chosen ?? [])]) galleries.reference(id);
}

export const references = router({
  /** Those that are of these pictures, by their hashes: a record names no ids. */
  ofPictures: procedure
    .input(z.object({ sha256s: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(100) }))
    .query(({ ctx, input }) => ctx.engine.galleries.ofPictures(input.sha256s)),

  /** Those that are still there. */
  existing: procedure
    .input(z.object({ ids: z.array(z.int().positive()).max(100) }))
    .query(({ ctx, input }) => ctx.engine.galleries.existing(input.ids)),

  /** Those most like a photo, to choose from by eye. */
  rank: procedure
    .input(
      z.object({
        photoId: z.uuid(),
        galleryId: z.int().positive().nullable(),
        text: z.string().max(200),
      }),
    )
    .query(async ({ ctx: { engine }, input: { photoId, galleryId, text } }): Promise<RankingView> => {
      const photo = engine.jobs.photos.get(photoId).path;
      const { total, matches } = await engine.rank(photo, { galleryId, text, limit: MAX_RANKED });
      return {
        total,
        references: matches.map(({ reference, similarity, closeness }) => ({
          ...reference,
          similarity,
          closeness,
        })),
      };
    }),
});
