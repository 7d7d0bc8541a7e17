import path from 'node:path';
import type { TRPCClient } from '@trpc/client';
import { z } from 'zod';
import type { HandedOver } from '../api/electron-bridge.ts';
import type { AppRouter } from '../api/router.ts';
import { refusalOf } from './refusal.ts';

/** A file of the window: by its path where it has one, else by its bytes, as a pasted picture. */
export const handedFile = z.object({
  name: z.string(),
  source: z.union([z.string().min(1), z.instanceof(Uint8Array)]),
  /** Those it was found in, the one that was given first. */
  folders: z.array(z.string()),
});
export type HandedFile = z.infer<typeof handedFile>;

/** Hands files to the engine, one result a file, in order. @param files a path alone is a file of no folder */
export async function handOver(
  client: TRPCClient<AppRouter>,
  files: readonly (string | HandedFile)[],
): Promise<HandedOver[]> {
  const results: HandedOver[] = [];
  for (const file of files) {
    const { name: given, source, folders } = asHanded(file);
    const name = typeof source === 'string' ? path.basename(source) : given;
    try {
      const photo =
        typeof source === 'string'
          ? await client.photos.add.mutate({ path: source, folders })
          : await client.photos.addBytes.mutate({ name, bytes: source, folders });
      results.push({ kind: 'taken', name, photo });
    } catch (error) {
      results.push({ kind: 'refused', name, error: refusalOf(error) });
    }
  }
  return results;
}

/** The path of a file that has one. */
export function pathOf(file: string | HandedFile): string | undefined {
  const { source } = asHanded(file);
  return typeof source === 'string' ? source : undefined;
}

function asHanded(file: string | HandedFile): HandedFile {
  return typeof file === 'string' ? { name: path.basename(file), source: file, folders: [] } : file;
}
