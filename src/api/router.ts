import { on } from 'node:events';
import { z } from 'zod';
import { calledBy, type RasrError } from '../core/errors.ts';
import type { ImportOutcome } from '../core/galleries/import.ts';
import { type JobChange, jobSettings } from '../core/jobs/job.ts';
import type { HandedPhoto } from '../core/jobs/photos.ts';
import { chooseDevice } from '../core/models/device.ts';
import { verifyBundle } from '../core/models/verify.ts';
import { pictureFile, pictureRequest } from './pictures.ts';
import { hostProcedure, procedure, router } from './trpc.ts';
import { bundleViews, type ImportView, type JobEvent, jobEvent, jobView, photoView } from './views.ts';

const galleryId = z.int().positive();
const photoIds = z.array(z.uuid()).min(1).max(10_000);
const jobId = z.uuid();

function refusalText(error: RasrError, { path, name }: HandedPhoto): string {
  const { message, remedy } = calledBy(error, path, name);
  return `${message} ${remedy}`;
}

const galleries = router({
  list: procedure.query(({ ctx }) => ctx.engine.galleries.list()),

  create: procedure
    .input(z.object({ name: z.string() }))
    .mutation(({ ctx, input }) => ctx.engine.galleries.create(input.name)),

  remove: procedure
    .input(z.object({ galleryId }))
    .mutation(({ ctx, input }) => ctx.engine.galleries.remove(input.galleryId)),

  references: procedure
    .input(z.object({ galleryId }))
    .query(({ ctx, input }) => ctx.engine.galleries.references(input.galleryId)),

  removeReference: procedure
    .input(z.object({ referenceId: z.int().positive() }))
    .mutation(({ ctx, input }) => ctx.engine.galleries.removeReference(input.referenceId)),

  /** Imports photos that were handed over, then forgets them. */
  importPhotos: procedure
    .input(z.object({ galleryId, photoIds }))
    .mutation(async ({ ctx: { engine }, input }): Promise<ImportView[]> => {
      const gallery = engine.galleries.get(input.galleryId).name;
      const photos = input.photoIds.map((id) => engine.jobs.photos.get(id));
      const outcomes: ImportOutcome[] = [];
      for await (const outcome of engine.importReferences(
        photos.map(({ path }) => ({ file: path, gallery })),
      )) {
        outcomes.push(outcome);
      }
      for (const { id } of photos) await engine.jobs.photos.forget(id);
      return outcomes.map((outcome, i) => ({
        photoId: photos[i]!.id,
        kind: outcome.kind,
        message: outcome.kind === 'refused' ? refusalText(outcome.error, photos[i]!) : null,
      }));
    }),
});

const jobs = router({
  start: procedure
    .input(z.object({ photoIds, settings: jobSettings }))
    .mutation(({ ctx: { engine }, input: { photoIds, settings } }) => {
      // A gallery that was removed meanwhile is told now, not found to be empty photo by photo.
      if (typeof settings.gallery === 'number') engine.galleries.get(settings.gallery);
      return engine.jobs.start(photoIds, settings).map(jobView);
    }),

  cancel: procedure
    .input(z.object({ jobId }))
    .mutation(({ ctx, input }) => ctx.engine.jobs.cancel(input.jobId)),

  retry: procedure
    .input(z.object({ jobId }))
    .mutation(({ ctx, input }) => ctx.engine.jobs.retry(input.jobId)),

  remove: procedure
    .input(z.object({ jobId }))
    .mutation(({ ctx, input }) => ctx.engine.jobs.remove(input.jobId)),

  /** All jobs as they are, then everything that happens to them. */
  events: procedure.subscription(async function* ({ ctx: { engine }, signal }): AsyncGenerator<JobEvent> {
    // Listening begins before the snapshot is taken, so that nothing falls between the two.
    const changes = on(engine.jobs.events, 'change', signal === undefined ? {} : { signal });
    yield { kind: 'snapshot', jobs: engine.jobs.list().map(jobView) };
    for await (const [change] of changes) yield jobEvent(change as JobChange);
  }),
});

const photos = router({
  /** Takes note of a photo by its path. The host calls this for files the user gave it. */
  add: hostProcedure
    .input(z.object({ path: z.string().min(1) }))
    .mutation(async ({ ctx, input }) => photoView(await ctx.engine.jobs.photos.add(input.path))),

  get: procedure
    .input(z.object({ photoId: z.uuid() }))
    .query(({ ctx, input }) => photoView(ctx.engine.jobs.photos.get(input.photoId))),
});

const models = router({
  list: procedure.query(({ ctx }) => bundleViews(ctx.engine)),

  verify: procedure
    .input(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) => verifyBundle(ctx.engine.models.byId(input.id))),

  use: procedure
    .input(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) => ctx.engine.useModel(input.id)),
});

/** The one typed surface over the engine. Every host offers exactly this. */
export const appRouter = router({
  about: procedure.query(({ ctx }) => ({ tool: ctx.engine.tool, device: chooseDevice().label })),
  galleries,
  jobs,
  models,
  photos,
  /** Where a picture lies on disk, for the host that streams it. */
  pictureFile: hostProcedure.input(pictureRequest).query(({ ctx, input }) => pictureFile(ctx.engine, input)),
});

export type AppRouter = typeof appRouter;
