import { z } from 'zod';
import { batchSettings, readBatchSettings, writeBatchSettings } from '../core/jobs/batch-settings.ts';
import { hostProcedure, procedure, router, typedPathProcedure } from './trpc.ts';

const folder = z.object({ folder: z.string().max(4096) });

/** Where outputs may go. */
export const outputFolders = router({
  /** Those the user chose, the last one first. */
  list: procedure.query(({ ctx }) => ctx.engine.jobs.outputFolders.list()),

  /** Remembers the folder picked in the host's dialog. */
  add: hostProcedure
    .input(folder)
    .mutation(({ ctx, input }) => ctx.engine.jobs.outputFolders.add(input.folder)),

  /** Remembers the folder typed into a window whose host has no dialog. */
  type: typedPathProcedure
    .input(folder)
    .mutation(({ ctx, input }) => ctx.engine.jobs.outputFolders.add(input.folder)),
});

/** The settings for the next photos. */
export const batch = router({
  /** What can be chosen with the generator in use. */
  generator: procedure.query(({ ctx }) => {
    const { reference, detail } = ctx.engine.activeGenerator().manifest;
    return {
      maxReferences: reference.maxReferences,
      /** How much detail it invents by itself, 0…1; null where it cannot be told. */
      detail: detail?.default ?? null,
    };
  }),

  /** What the user chose last; null before that. */
  settings: procedure.query(({ ctx }) => readBatchSettings(ctx.engine.library)),

  setSettings: procedure
    .input(batchSettings)
    .mutation(({ ctx, input }) => writeBatchSettings(ctx.engine.library, input)),
});
