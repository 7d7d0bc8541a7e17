import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fromSystemError } from '../errors.ts';
import type { LibraryPaths } from './paths.ts';

/** What a library keeps so that it need not be computed again. All of it can go at any time. */
export interface CacheSize {
  /** Bytes of the display copies of photos and results. */
  readonly previews: number;
  /** Bytes of the references' features, of all generators. */
  readonly features: number;
}

/** Measures the cache on disk. */
export async function cacheSize({ allPreviews, allFeatures }: LibraryPaths): Promise<CacheSize> {
  return { previews: await bytesBelow(allPreviews), features: await bytesBelow(allFeatures) };
}

/**
 * Deletes the cache, file by file: a restoration that runs meanwhile finds its folders, and computes anew what it
 * misses.
 *
 * @throws RasrError `OUTPUT_UNWRITABLE` where the system forbids it
 */
export async function clearCache({ allPreviews, allFeatures }: LibraryPaths): Promise<void> {
  for (const file of [...(await filesBelow(allPreviews)), ...(await filesBelow(allFeatures))]) {
    await rm(file, { force: true }).catch((error: unknown) => {
      throw fromSystemError(error, file) ?? error;
    });
  }
}

async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  // A file may go while the others are measured.
  for (const file of await filesBelow(folder)) bytes += (await stat(file).catch(() => ({ size: 0 }))).size;
  return bytes;
}

/** All files but those that are being written at this moment. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
