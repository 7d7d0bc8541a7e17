import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { procedure, router } from './trpc.ts';
import { type PhotoView, photoView } from './views.ts';

/** What comes along with RASR to try it on. */
export const samples = router({
  photos: procedure.query(({ ctx }) => ctx.engine.samples.photos()),

  /** Imports the sample galleries; what is there already stays. Tells how many references were added. */
  importGalleries: procedure.mutation(async ({ ctx: { engine } }): Promise<number> => {
    let added = 0;
    for await (const outcome of engine.importReferences(await engine.samples.references())) {
      if (outcome.kind === 'refused') throw outcome.error;
      if (outcome.kind === 'added') added++;
    }
    // In the background: what it cannot do now is done after the next import.
    void engine.calibrate().catch(() => {});
    return added;
  }),

  /** Takes note of a copy of a sample photo: results go beside originals, and nothing goes into the app's own folder. */
  addPhoto: procedure
    .input(z.object({ name: z.string().max(255) }))
    .mutation(
      async ({ ctx: { engine }, input }): Promise<PhotoView> =>
        photoView(
          await engine.jobs.photos.addBytes(
            input.name,
            createReadStream(await engine.samples.fileOf(input.name)),
          ),
        ),
    ),
});
