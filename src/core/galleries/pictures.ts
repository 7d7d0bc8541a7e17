import { RasrError } from '../errors.ts';
import type { LibraryPaths } from '../library/paths.ts';
import { type CopyOptions, writeCopy } from '../photo/copy.ts';
import { readPhotoHeader } from '../photo/decode.ts';

/** A stored reference: enough texture for any tile, a tenth of a camera file's size. */
const PROXY: CopyOptions = { side: 2048, format: 'jpeg', quality: 95 };
/** Two device pixels for each of a 192 px card. */
const THUMBNAIL: CopyOptions = { side: 384, format: 'webp', quality: 82 };
/** A reference whose shorter side is below this has no more detail to give than the photo. */
export const MIN_REFERENCE_SIDE = 128;

/**
 * Makes the stored copies of a reference: an sRGB proxy and a thumbnail, each written atomically.
 * Copies that exist already are kept, so a repeated import costs nothing.
 *
 * @param sha256 hash of the file's bytes, which names the copies
 * @returns size of the proxy in pixels
 * @throws RasrError as `readPhotoHeader`, `IMAGE_DAMAGED`, or `IMAGE_UNSUPPORTED` where it is too small
 */
export async function storePictures(
  file: string,
  sha256: string,
  paths: LibraryPaths,
): Promise<{ width: number; height: number }> {
  const header = await readPhotoHeader(file);
  if (Math.min(header.width, header.height) < MIN_REFERENCE_SIDE) {
    throw new RasrError(
      'IMAGE_UNSUPPORTED',
      `${file} is too small for a reference (${header.width} × ${header.height} pixels).`,
      `References need at least ${MIN_REFERENCE_SIDE} pixels on the shorter side.`,
    );
  }
  const proxy = paths.proxy(sha256);
  await writeCopy(file, proxy, PROXY);
  await writeCopy(proxy, paths.thumbnail(sha256), THUMBNAIL);
  const stored = await readPhotoHeader(proxy);
  return { width: stored.width, height: stored.height };
}
