import { TRPCClientError } from '@trpc/client';
import type { ApiError } from '../api/trpc.ts';

/** Why a call to the engine failed, in its own words where it answered at all. */
export function refusalOf(error: unknown): ApiError {
  if (error instanceof TRPCClientError) {
    const data = error.data as { refusal?: ApiError } | undefined;
    if (data?.refusal !== undefined) return data.refusal;
  }
  return { code: 'ENGINE_STOPPED', message: 'The engine does not answer.', remedy: 'Try again in a moment.' };
}
