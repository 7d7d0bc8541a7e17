import { on } from 'node:events';
import { z } from 'zod';
import { batchSettings } from '../core/jobs/batch-settings.ts';
import { exampleName } from '../core/jobs/example-name.ts';
import { type JobChange, jobSettings } from '../core/jobs/job.ts';
import { verifyBundle } from '../core/models/verify.ts';
import type { SwitchState } from '../core/retrieval/retriever-switch.ts';
import { compare } from './compare-procedures.ts';
import { galleries } from './gallery-procedures.ts';
import { batch, outputFolders } from './output-procedures.ts';
import { pictureFile, pictureRequest } from './pictures.ts';
import { checkReferences, references } from './references-procedures.ts';
import { samples } from './samples-procedures.ts';
import { settings } from './settings-procedures.ts';
import { hostProcedure, procedure, router } from './trpc.ts';
import {
  brokenViews,
  bundleViews,
  type JobEvent,
  jobEvent,
  jobsSnapshot,
  jobView,
  type PullView,
  photoView,
  pullViews,
  type SwitchView,
  switchView,
} from './views.ts';

const photoIds = z.array(z.uuid()).min(1).max(10_000);
const jobId = z.uuid();
/** Those a photo was found in, the one that was given first. */
const folders = z.array(z.string()).max(100).optional();

const jobs = router({
  start: procedure
    .input(z.object({ photoIds, settings: jobSettings }))
    .mutation(({ ctx: { engine }, input: { photoIds, settings } }) => {
      // What was removed meanwhile is told now, not photo by photo.
      checkReferences(engine, settings);
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

  pause: procedure.mutation(({ ctx }) => ctx.engine.jobs.pause()),

  resume: procedure.mutation(({ ctx }) => ctx.engine.jobs.unpause()),

  cancelAll: procedure.mutation(({ ctx }) => ctx.engine.jobs.cancelAll()),

  retryFailed: procedure.mutation(({ ctx }) => ctx.engine.jobs.retryFailed()),

  /** Where a result came from its reference: a small grey PNG in base64, or null where none shows the very same object. */
  weightMap: procedure
    .input(z.object({ jobId }))
    .query(({ ctx, input }) => ctx.engine.jobs.get(input.jobId).record?.sameObject?.weightMap ?? null),

  /** Takes restored and cancelled jobs off the list and tells how many; originals and results stay. */
  clearFinished: procedure.mutation(({ ctx }) => ctx.engine.jobs.clearFinished()),

  /** What the output of a photo would be called. */
  exampleName: procedure
    .input(z.object({ photo: z.string().min(1).max(255), settings: jobSettings }))
    .query(({ ctx: { engine }, input: { photo, settings } }) => {
      const galleries = engine.galleries.list();
      // Which gallery will be found nobody knows yet: the first stands for it.
      const gallery =
        settings.gallery === 'find' ? galleries[0] : galleries.find(({ id }) => id === settings.gallery);
      return exampleName(photo, settings, gallery?.name ?? 'none');
    }),

  /** All jobs as they are, then everything that happens to them. */
  events: procedure.subscription(async function* ({ ctx: { engine }, signal }): AsyncGenerator<JobEvent> {
    // Listening begins before the snapshot is taken, so that nothing falls between the two.
    const changes = on(engine.jobs.events, 'change', signal === undefined ? {} : { signal });
    yield jobsSnapshot(engine);
    for await (const [change] of changes) yield jobEvent(engine, change as JobChange);
  }),
});

const presets = router({
  list: procedure.query(({ ctx }) => ctx.engine.jobs.presets.list()),

  save: procedure
    .input(z.object({ name: z.string().max(1000), settings: batchSettings }))
    .mutation(({ ctx, input }) => ctx.engine.jobs.presets.save(input.name, input.settings)),

  remove: procedure
    .input(z.object({ name: z.string().max(1000) }))
    .mutation(({ ctx, input }) => ctx.engine.jobs.presets.remove(input.name)),
});

const photos = router({
  /** Takes note of a photo by its path. The host calls this for files the user gave it. */
  add: hostProcedure
    .input(z.object({ path: z.string().min(1), folders }))
    .mutation(async ({ ctx, input }) =>
      photoView(await ctx.engine.jobs.photos.add(input.path, input.folders)),
    ),

  /** Stores a photo that is no file: a picture pasted from another program. */
  addBytes: hostProcedure
    .input(z.object({ name: z.string(), bytes: z.instanceof(Uint8Array), folders }))
    .mutation(async ({ ctx, input: { name, bytes, folders } }) =>
      photoView(await ctx.engine.jobs.photos.addBytes(name, bytes, folders)),
    ),

  get: procedure
    .input(z.object({ photoId: z.uuid() }))
    .query(({ ctx, input }) => photoView(ctx.engine.jobs.photos.get(input.photoId))),
});

const models = router({
  list: procedure.query(({ ctx }) => bundleViews(ctx.engine)),

  /** Folders that want to be a model and are not. */
  broken: procedure.query(({ ctx }) => brokenViews(ctx.engine)),

  verify: procedure
    .input(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) => verifyBundle(ctx.engine.models.byId(input.id))),

  use: procedure
    .input(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) => ctx.engine.useModel(input.id)),

  /** Stays with the retriever that serves. */
  cancelSwitch: procedure.mutation(({ ctx }) => ctx.engine.retrieverSwitch.cancel()),

  /** Where the change to another retriever is, then the same again with every change of that. */
  switching: procedure.subscription(async function* ({
    ctx: { engine },
    signal,
  }): AsyncGenerator<SwitchView> {
    const { retrieverSwitch } = engine;
    const changes = on(retrieverSwitch.events, 'change', signal === undefined ? {} : { signal });
    yield switchView(engine, retrieverSwitch.state);
    for await (const [state] of changes) yield switchView(engine, state as SwitchState);
  }),

  /** Begins the download of a model of the catalogue; `pulls` tells how it goes. */
  pull: procedure
    .input(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) => ctx.engine.pulls.start(input.id)),

  cancelPull: procedure
    .input(z.object({ id: z.string() }))
    .mutation(({ ctx, input }) => ctx.engine.pulls.cancel(input.id)),

  /** What can be downloaded, then the same again with every change. */
  pulls: procedure.subscription(async function* ({ ctx: { engine }, signal }): AsyncGenerator<PullView[]> {
    const changes = on(engine.pulls.events, 'change', signal === undefined ? {} : { signal });
    yield await pullViews(engine);
    for await (const _ of changes) yield await pullViews(engine);
  }),
});

/** The one typed surface over the engine. Every host offers exactly this. */
export const appRouter = router({
  about: procedure.query(({ ctx }) => ({ tool: ctx.engine.tool, device: ctx.engine.devices.chosen.label })),
  batch,
  compare,
  galleries,
  jobs,
  models,
  outputFolders,
  photos,
  presets,
  references,
  samples,
  settings,
  /** Where a picture lies on disk, for the host that streams it. */
  pictureFile: hostProcedure.input(pictureRequest).query(({ ctx, input }) => pictureFile(ctx.engine, input)),
});

export type AppRouter = typeof appRouter;
