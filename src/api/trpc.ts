import { initTRPC, TRPCError } from '@trpc/server';
import type { Engine } from '../core/engine.ts';
import { RasrError } from '../core/errors.ts';

/** What a procedure works with. */
export interface ApiContext {
  readonly engine: Engine;
  /** True for the host's own calls (paths are allowed in them), false for the renderer's. */
  readonly trusted: boolean;
  /** True where the user may type a folder's path: the host has no dialog to pick it in. */
  readonly typedPaths?: boolean;
}

/** A refusal as it reaches the client: complete sentences, no stack. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

const t = initTRPC.context<ApiContext>().create({
  errorFormatter({ shape, error }) {
    const { stack: _stack, ...data } = shape.data as typeof shape.data & { stack?: string };
    const refused = refusal(error);
    return { ...shape, message: refused.message, data: { ...data, refusal: refused } };
  },
});

export const router = t.router;
export const procedure = t.procedure;

/** For the host alone: such calls name files by path. */
export const hostProcedure = t.procedure.use(({ ctx, next }) => {
  if (!ctx.trusted) throw new TRPCError({ code: 'FORBIDDEN', message: 'Only the app itself may do this.' });
  return next();
});

/** For windows in which folders are typed. */
export const typedPathProcedure = t.procedure.use(({ ctx, next }) => {
  if (ctx.typedPaths !== true)
    throw new TRPCError({ code: 'FORBIDDEN', message: 'Pick the folder instead.' });
  return next();
});

function refusal(error: TRPCError): ApiError {
  const { cause } = error;
  if (cause instanceof RasrError) return { code: cause.code, message: cause.message, remedy: cause.remedy };
  if (error.code === 'BAD_REQUEST') {
    return {
      code: 'BAD_REQUEST',
      message: 'The app sent a request it should not have.',
      remedy: 'Reload the window.',
    };
  }
  return { code: error.code, message: error.message.split('\n')[0] ?? '', remedy: 'Try again.' };
}
