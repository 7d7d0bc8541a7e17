import type { TRPCClient } from '@trpc/client';
import type { GalleryFileResult } from '../api/electron-bridge.ts';
import type { AppRouter } from '../api/router.ts';
import { archiveName } from '../core/galleries/archive/manifest.ts';
import { refusalOf } from './refusal.ts';

/**
 * Saves a gallery as one file.
 *
 * @param askWhere shows the system's dialog with a name to begin with; undefined where it was closed
 */
export async function exportGallery(
  client: TRPCClient<AppRouter>,
  galleryId: number,
  askWhere: (name: string) => Promise<string | undefined>,
): Promise<GalleryFileResult> {
  try {
    const gallery = (await client.galleries.list.query()).find(({ id }) => id === galleryId);
    const name = archiveName(gallery?.name ?? '');
    const path = await askWhere(name);
    if (path === undefined) return { kind: 'cancelled' };
    await client.galleries.exportTo.mutate({ galleryId, path });
    return { kind: 'done', name };
  } catch (error) {
    return { kind: 'refused', error: refusalOf(error) };
  }
}

/** Makes a gallery of such a file. */
export async function importGallery(client: TRPCClient<AppRouter>, path: string): Promise<GalleryFileResult> {
  try {
    return { kind: 'done', name: (await client.galleries.importFrom.mutate({ path })).name };
  } catch (error) {
    return { kind: 'refused', error: refusalOf(error) };
  }
}
