import path from 'node:path';
import { type TRPCClient, TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../api/router.ts';
import type { ApiError } from '../api/trpc.ts';
import type { PhotoView } from '../api/views.ts';

/** A file the user gave, taken in or refused; the renderer's `HandedOver` has the same shape. */
export type HandOverResult =
  | { readonly kind: 'taken'; readonly name: string; readonly photo: PhotoView }
  | { readonly kind: 'refused'; readonly name: string; readonly error: ApiError };

/** Hands files to the engine by path, one result a file, in order. */
export async function handOver(
  client: TRPCClient<AppRouter>,
  paths: readonly string[],
): Promise<HandOverResult[]> {
  const results: HandOverResult[] = [];
  for (const file of paths) {
    const name = path.basename(file);
    try {
      results.push({ kind: 'taken', name, photo: await client.photos.add.mutate({ path: file }) });
    } catch (error) {
      results.push({ kind: 'refused', name, error: refusalOf(error) });
    }
  }
  return results;
}

function refusalOf(error: unknown): ApiError {
  if (error instanceof TRPCClientError) {
    const data = error.data as { refusal?: ApiError } | undefined;
    if (data?.refusal !== undefined) return data.refusal;
  }
  return { code: 'ENGINE_STOPPED', message: 'The engine does not answer.', remedy: 'Try again in a moment.' };
}
