import { existsSync } from 'node:fs';
import { RasrError } from '../errors.ts';
import { writeFileAtomically } from '../files/atomic-write.ts';
import type { LibraryPaths } from '../library/paths.ts';
import { asPhotoError, open, readPhotoHeader } from '../photo/decode.ts';

/** Longest side of a stored reference: enough texture for any tile, a tenth of a camera file's size. */
export const PROXY_SIDE = 2048;
/** Longest side of a thumbnail: two device pixels for each of a 192 px card. */
export const THUMBNAIL_SIDE = 384;
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
  const thumbnail = paths.thumbnail(sha256);
  if (!existsSync(proxy)) {
    await render(file, proxy, PROXY_SIDE, (image) => image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }));
  }
  if (!existsSync(thumbnail)) {
    await render(proxy, thumbnail, THUMBNAIL_SIDE, (image) => image.webp({ quality: 82 }));
  }
  const stored = await readPhotoHeader(proxy);
  return { width: stored.width, height: stored.height };
}

async function render(
  source: string,
  destination: string,
  side: number,
  encode: (image: ReturnType<typeof open>) => ReturnType<typeof open>,
): Promise<void> {
  const image = open(source)
    .autoOrient()
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .resize(side, side, { fit: 'inside', withoutEnlargement: true, kernel: 'lanczos3' });
  await writeFileAtomically(destination, 'replace', (temporary) =>
    encode(image)
      .toFile(temporary)
      .catch((error: unknown) => {
        throw asPhotoError(source, error);
      }),
  );
}
