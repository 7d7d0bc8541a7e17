import { z } from 'zod';
import {
  beforeAfterRequest,
  prepareTiles,
  saveBeforeAfter,
  tile,
  tiledPicture,
  tileRequest,
} from './compare.ts';
import { hostProcedure, procedure, router } from './trpc.ts';

/** What the compare view needs beside the jobs. */
export const compare = router({
  /** Answers once a picture can be looked at in tiles. */
  prepare: procedure
    .input(tiledPicture)
    .query(async ({ ctx, input }): Promise<true> => prepareTiles(ctx.engine, input).then(() => true)),

  /** The bytes of a tile, for the host that shows it. */
  tile: hostProcedure.input(tileRequest).query(({ ctx, input }) => tile(ctx.engine, input)),

  /** Writes before and after as one picture where the user wants it; what lies there is never replaced. */
  saveBeforeAfter: hostProcedure
    .input(beforeAfterRequest.extend({ file: z.string().min(1) }))
    .mutation(({ ctx, input: { file, ...request } }) => saveBeforeAfter(ctx.engine, request, file)),
});
