import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { RasrError } from '../errors.ts';
import { writeFileAtomically } from '../files/atomic-write.ts';
import type { LibraryPaths } from '../library/paths.ts';
import { type CopyOptions, encodeCopy } from '../photo/copy.ts';
import { asPhotoError, openBytes, type PhotoHeader, readPhotoHeader } from '../photo/decode.ts';
import { withoutMetadata } from '../photo/jpeg.ts';
import { type RgbImage, toGrey } from '../photo/pixels.ts';
import { sharpness } from '../photo/sharpness.ts';
import type { StoredPicture } from './galleries.ts';

/** A stored reference: enough texture for any tile, a tenth of a camera file's size. */
const PROXY: CopyOptions = { side: 2048, format: 'jpeg', quality: 95 };
/** Two device pixels for each of a 192 px card, and enough for what most retrievers look at. */
const SMALL_SIDE = 384;
const THUMBNAIL_QUALITY = 85;
/** A reference whose shorter side is below this has no more detail to give than the photo. */
export const MIN_REFERENCE_SIDE = 128;
/**
 * Of 100 photos in focus the softest has 0.55 at a thumbnail's size. Enlarged from 64 pixels all have less than
 * this, and from 96 pixels some.
 */
export const MIN_SHARPNESS = 0.36;

/**
 * Stores a reference as an sRGB proxy, written atomically. A JPEG file that is a proxy already but for its metadata
 * is kept as it is: nothing is lost, and no time.
 *
 * @param sha256 hash of the file's bytes, which names the proxy
 * @param bytes the file's content, where that is in memory already
 * @returns what is known of the proxy, and its small copy
 * @throws RasrError as `readPhotoHeader`, `IMAGE_DAMAGED`, `IMAGE_TOO_SMALL` or `IMAGE_BLURRED`
 */
export async function storeProxy(
  file: string,
  sha256: string,
  paths: LibraryPaths,
  bytes?: Buffer,
): Promise<{ readonly stored: StoredPicture; readonly small: RgbImage }> {
  const header = await readPhotoHeader(file, bytes);
  refuseSmall(file, header);
  const destination = paths.proxy(sha256);
  const known = existsSync(destination);
  const proxy = known ? await readFile(destination) : await makeProxy(file, header, bytes);
  const small = await readSmall(proxy, file);
  // Before anything is written: of a picture that is refused nothing is left behind.
  const measured = refuseBlurred(file, small);
  if (!known) await writeFileAtomically(destination, 'replace', (temporary) => writeFile(temporary, proxy));
  const { width, height } = await openBytes(proxy).metadata();
  return { stored: { sha256, width, height, sharpness: measured }, small };
}

async function makeProxy(file: string, header: PhotoHeader, bytes: Buffer | undefined): Promise<Buffer> {
  const kept = isProxyAlready(header) ? withoutMetadata(bytes ?? (await readFile(file))) : undefined;
  return kept ?? encodeCopy(file, PROXY);
}

/**
 * What is known of a proxy that came as one, from another library.
 *
 * @throws RasrError as `readPhotoHeader`, `IMAGE_DAMAGED` or `IMAGE_TOO_SMALL`
 */
export async function measureProxy(proxy: string, sha256: string): Promise<StoredPicture> {
  const header = await readPhotoHeader(proxy);
  refuseSmall(proxy, header);
  const small = await readSmall(await readFile(proxy), proxy);
  return { sha256, width: header.width, height: header.height, sharpness: sharpness(toGrey(small)) };
}

/**
 * Makes the thumbnail of a stored reference, written atomically.
 *
 * @returns where it is
 * @throws RasrError as `readPhotoHeader`, `IMAGE_DAMAGED`, or as `writeFileAtomically`
 */
export async function makeThumbnail(sha256: string, paths: LibraryPaths): Promise<string> {
  const [thumbnail, proxy] = [paths.thumbnail(sha256), paths.proxy(sha256)];
  const { data, width, height } = await readSmall(await readProxy(proxy), proxy);
  const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
    // Codes made for each picture would take half as long again, and save 3 % of its bytes.
    .jpeg({ quality: THUMBNAIL_QUALITY, optimiseCoding: false })
    .toBuffer();
  await writeFileAtomically(thumbnail, 'replace', (temporary) => writeFile(temporary, bytes));
  return thumbnail;
}

/** A stored picture's hash and the sides of its proxy, in pixels. */
type PictureSize = Pick<StoredPicture, 'sha256' | 'width' | 'height'>;

/**
 * A reference as a retriever looks at it: its small copy, or its proxy where that would be less than `side` pixels
 * on the shorter side.
 *
 * @param small the small copy, where that is in memory already
 * @throws RasrError as `readPhotoHeader`, or `IMAGE_DAMAGED`
 */
export async function readReference(
  { sha256, width, height }: PictureSize,
  side: number,
  paths: LibraryPaths,
  small?: RgbImage,
): Promise<string | RgbImage> {
  const proxy = paths.proxy(sha256);
  const longest = Math.max(width, height);
  const shorter = Math.min(width, height) * Math.min(1, SMALL_SIDE / longest);
  if (shorter < side && longest > SMALL_SIDE) return proxy;
  if (small !== undefined) return small;
  return readSmall(await readProxy(proxy), proxy);
}

function readProxy(proxy: string): Promise<Buffer> {
  return readFile(proxy).catch((error: unknown) => {
    throw asPhotoError(proxy, error);
  });
}

function refuseSmall(file: string, { width, height }: PhotoHeader): void {
  if (Math.min(width, height) >= MIN_REFERENCE_SIDE) return;
  throw new RasrError(
    'IMAGE_TOO_SMALL',
    `${file} is too small for a reference (${width} × ${height} pixels).`,
    `References need at least ${MIN_REFERENCE_SIDE} pixels on the shorter side.`,
  );
}

function refuseBlurred(file: string, small: RgbImage): number {
  const measured = sharpness(toGrey(small));
  if (measured >= MIN_SHARPNESS) return measured;
  throw new RasrError(
    'IMAGE_BLURRED',
    `${file} is too blurred for a reference (sharpness ${measured.toFixed(2)}, at least ${MIN_SHARPNESS}).`,
    'Use a photo that is in focus; enlarging a small one adds no detail.',
  );
}

/** Baseline JPEG in sRGB, upright, and no larger than a proxy. */
function isProxyAlready({ width, height, metadata }: PhotoHeader): boolean {
  const { format, space, channels, orientation = 1, isProgressive, icc } = metadata;
  return (
    format === 'jpeg' &&
    Math.max(width, height) <= PROXY.side &&
    space === 'srgb' &&
    channels === 3 &&
    orientation === 1 &&
    isProgressive !== true &&
    (icc === undefined || isSrgb(icc))
  );
}

/** By the name in the profile, in ASCII (ICC 2) or UTF-16 (ICC 4). */
function isSrgb(profile: Buffer): boolean {
  return profile.includes('sRGB') || profile.includes('\0s\0R\0G\0B', 0, 'latin1');
}

async function readSmall(jpeg: Buffer, file: string): Promise<RgbImage> {
  try {
    const { data, info } = await openBytes(jpeg)
      .autoOrient()
      .flatten({ background: 'white' })
      .resize(SMALL_SIDE, SMALL_SIDE, { fit: 'inside', withoutEnlargement: true, kernel: 'lanczos3' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch (error) {
    throw asPhotoError(file, error);
  }
}
