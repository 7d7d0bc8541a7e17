import path from 'node:path';
import type { TRPCClient } from '@trpc/client';
import type { HandedOver } from '../api/electron-bridge.ts';
import type { AppRouter } from '../api/router.ts';
import { refusalOf } from './refusal.ts';

/** Hands files to the engine by path, one result a file, in order. */
export async function handOver(
  client: TRPCClient<AppRouter>,
  paths: readonly string[],
): Promise<HandedOver[]> {
  const results: HandedOver[] = [];
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
