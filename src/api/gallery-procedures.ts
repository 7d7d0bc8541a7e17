import { on } from 'node:events';
import { z } from 'zod';
import { REFERENCE_ORDERS, type ReferenceOrder } from '../core/galleries/galleries.ts';
import type { ImportChange } from '../core/galleries/imports.ts';
import { galleryStatistics } from '../core/galleries/statistics.ts';
import {
  type ImportEvent,
  type LikenessView,
  likenessView,
  type MatchView,
  matchView,
} from './gallery-views.ts';
import { hostProcedure, procedure, router } from './trpc.ts';

const galleryId = z.int().positive();
/** All of a large gallery. */
const referenceIds = z.array(z.int().positive()).min(1).max(100_000);
const importId = z.int().positive();
const text = z.string().max(2000);

const imports = router({
  /** Takes note that a window will hand over files for a gallery. */
  begin: procedure
    .input(z.object({ galleryId, files: z.int().min(1).max(1_000_000) }))
    .mutation(({ ctx: { engine }, input }) => {
      engine.galleries.get(input.galleryId);
      return engine.imports.begin(input.galleryId, input.files);
    }),

  /** Queues photos that were handed over, and lists those that could not be. */
  add: procedure
    .input(
      z.object({
        importId,
        photoIds: z.array(z.uuid()).max(1000),
        refused: z.array(z.object({ name: text, code: text, message: text, remedy: text })).max(1000),
      }),
    )
    .mutation(({ ctx, input }) => ctx.engine.imports.add(input.importId, input.photoIds, input.refused)),

  /** What was not handed over will not come. */
  close: procedure
    .input(z.object({ importId }))
    .mutation(({ ctx, input }) => ctx.engine.imports.close(input.importId)),

  dismiss: procedure
    .input(z.object({ importId }))
    .mutation(({ ctx, input }) => ctx.engine.imports.dismiss(input.importId)),

  /** All imports as they are, then everything that happens to them. */
  events: procedure.subscription(async function* ({ ctx: { engine }, signal }): AsyncGenerator<ImportEvent> {
    const changes = on(engine.imports.events, 'change', signal === undefined ? {} : { signal });
    yield { kind: 'snapshot', ...engine.imports.list() };
    for await (const [change] of changes) yield change as ImportChange;
  }),
});

/** What a window does with galleries. Removing, moving and merging answer with a change that can be undone. */
export const galleries = router({
  list: procedure.query(({ ctx }) => ctx.engine.galleries.list()),

  create: procedure
    .input(z.object({ name: z.string() }))
    .mutation(({ ctx, input }) => ctx.engine.galleries.create(input.name)),

  rename: procedure
    .input(z.object({ galleryId, name: z.string() }))
    .mutation(({ ctx, input }) => ctx.engine.galleries.rename(input.galleryId, input.name)),

  remove: procedure
    .input(z.object({ galleryId }))
    .mutation(({ ctx, input }) => ctx.engine.galleries.changes.removeGallery(input.galleryId)),

  merge: procedure
    .input(z.object({ galleryId, into: galleryId }))
    .mutation(({ ctx, input }) => ctx.engine.galleries.changes.merge(input.galleryId, input.into)),

  move: procedure
    .input(z.object({ referenceIds, to: galleryId }))
    .mutation(({ ctx, input }) => ctx.engine.galleries.changes.move(input.referenceIds, input.to)),

  removeReferences: procedure
    .input(z.object({ referenceIds }))
    .mutation(({ ctx, input }) => ctx.engine.galleries.changes.removeReferences(input.referenceIds)),

  /** Takes a change back; without its id, the last one. */
  undo: procedure
    .input(z.object({ changeId: z.uuid().optional() }))
    .mutation(({ ctx: { engine }, input }) => engine.galleries.changes.undo(input.changeId)),

  /** All references of a gallery; of a large one, `order` and `cells` tell what is looked at. */
  references: procedure
    .input(z.object({ galleryId }))
    .query(({ ctx, input }) => ctx.engine.galleries.references(input.galleryId)),

  order: procedure
    .input(
      z.object({
        galleryId,
        by: z.enum(REFERENCE_ORDERS as [ReferenceOrder, ...ReferenceOrder[]]),
        descending: z.boolean(),
      }),
    )
    .query(({ ctx, input }) => ctx.engine.galleries.order(input.galleryId, input.by, input.descending)),

  cells: procedure
    .input(z.object({ referenceIds: z.array(z.int().positive()).max(500) }))
    .query(({ ctx, input }) => ctx.engine.galleries.some(input.referenceIds)),

  statistics: procedure
    .input(z.object({ galleryId }))
    .query(({ ctx: { engine }, input }) => galleryStatistics(engine.library, input.galleryId)),

  likeness: procedure
    .input(z.object({ galleryId }))
    .query(
      async ({ ctx: { engine }, input, signal }): Promise<LikenessView> =>
        likenessView(engine, await engine.likeness(input.galleryId, signal)),
    ),

  /** The references most like a photo that was handed over, which is forgotten then. */
  find: procedure
    .input(z.object({ photoId: z.uuid(), galleryId: galleryId.nullable(), count: z.int().min(1).max(200) }))
    .mutation(async ({ ctx: { engine }, input: { photoId, ...scope } }): Promise<MatchView[]> => {
      const { path } = engine.jobs.photos.get(photoId);
      try {
        return (await engine.search(path, scope)).map(matchView);
      } finally {
        await engine.jobs.photos.forget([photoId]);
      }
    }),

  /** Writes a gallery into a file. The host calls this with a place the user chose. */
  exportTo: hostProcedure
    .input(z.object({ galleryId, path: z.string().min(1) }))
    .mutation(({ ctx, input }) => ctx.engine.exportGallery(input.galleryId, input.path, 'replace')),

  /** Makes a gallery of such a file. The host calls this with a file the user gave it. */
  importFrom: hostProcedure
    .input(z.object({ path: z.string().min(1) }))
    .mutation(({ ctx, input }) => ctx.engine.importGallery(input.path)),

  imports,
});
