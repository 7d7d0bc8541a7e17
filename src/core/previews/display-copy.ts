import { existsSync } from 'node:fs';
import type { LibraryPaths } from '../library/paths.ts';
import { type CopyOptions, writeCopy } from '../photo/copy.ts';

/** Sizes of display copies. WebP is what every browser shows, whatever the photo is. */
const SIZES = {
  /** Fills a large screen; whoever looks closer is shown tiles. */
  view: { side: 2560, format: 'webp', quality: 92 },
  thumbnail: { side: 384, format: 'webp', quality: 82 },
} as const satisfies Record<string, CopyOptions>;
export type DisplaySize = keyof typeof SIZES;

/**
 * A copy of a picture for the screen, made unless it is there.
 *
 * @param key names the picture and its state
 * @returns its absolute path; a WebP
 * @throws RasrError as `writeCopy`
 */
export async function displayCopy(
  paths: LibraryPaths,
  source: string,
  key: string,
  size: DisplaySize,
): Promise<string> {
  const place = (named: DisplaySize) => paths.preview(`${key}-${SIZES[named].side}`);
  // The larger copy is decoded in no time, which a result of hundreds of megapixels is not.
  const from = size === 'thumbnail' && existsSync(place('view')) ? place('view') : source;
  await writeCopy(from, place(size), SIZES[size]);
  return place(size);
}

/** What names a result's copies: a job that was restored again has others. */
export function resultKey(jobId: string, finishedAt: string): string {
  return `${jobId}-${Date.parse(finishedAt)}`;
}
