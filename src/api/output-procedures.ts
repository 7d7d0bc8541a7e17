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

/** What the user last chose for photos; null before that. */
export const batch = router({
  settings: procedure.query(({ ctx }) => readBatchSettings(ctx.engine.library)),

  setSettings: procedure
    .input(batchSettings)
    .mutation(({ ctx, input }) => writeBatchSettings(ctx.engine.library, input)),
});
