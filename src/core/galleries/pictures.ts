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
const THUMBNAIL = { side: 384, quality: 85 };
/** A reference whose shorter side is below this has no more detail to give than the photo. */
export const MIN_REFERENCE_SIDE = 128;
/**
 * Of 100 photos in focus the softest has 0.55 at a thumbnail's size. Enlarged from 64 pixels all have less than
 * this, and from 96 pixels some.
 */
export const MIN_SHARPNESS = 0.36;

/**
 * Makes the stored copies of a reference: an sRGB proxy and a thumbnail, each written atomically. A JPEG file
 * that is a proxy already but for its metadata is kept as it is: nothing is lost, and no time.
 *
 * @param sha256 hash of the file's bytes, which names the copies
 * @param bytes the file's content, where that is in memory already
 * @returns what is known of the proxy
 * @throws RasrError as `readPhotoHeader`, `IMAGE_DAMAGED`, `IMAGE_TOO_SMALL` or `IMAGE_BLURRED`
 */
export async function storePictures(
  file: string,
  sha256: string,
  paths: LibraryPaths,
  bytes?: Buffer,
): Promise<StoredPicture> {
  const header = await readPhotoHeader(file, bytes);
  refuseSmall(file, header);
  const destination = paths.proxy(sha256);
  const stored = existsSync(destination);
  const proxy = stored ? await readFile(destination) : await makeProxy(file, header, bytes);
  const small = await readSmall(proxy, file);
  // Before anything is written: of a picture that is refused nothing is left behind.
  const measured = refuseBlurred(file, small);
  await writeThumbnail(small, paths.thumbnail(sha256));
  if (!stored) await writeFileAtomically(destination, 'replace', (temporary) => writeFile(temporary, proxy));
  const { width, height } = await openBytes(proxy).metadata();
  return { sha256, width, height, sharpness: measured };
}

async function makeProxy(file: string, header: PhotoHeader, bytes: Buffer | undefined): Promise<Buffer> {
  const kept = isProxyAlready(header) ? withoutMetadata(bytes ?? (await readFile(file))) : undefined;
  return kept ?? encodeCopy(file, PROXY);
}

/**
 * Makes the thumbnail of a proxy that came as one, from another library.
 *
 * @throws RasrError as `readPhotoHeader`, `IMAGE_DAMAGED` or `IMAGE_TOO_SMALL`
 */
export async function storeThumbnail(
  proxy: string,
  sha256: string,
  paths: LibraryPaths,
): Promise<StoredPicture> {
  const header = await readPhotoHeader(proxy);
  refuseSmall(proxy, header);
  const small = await readSmall(await readFile(proxy), proxy);
  await writeThumbnail(small, paths.thumbnail(sha256));
  return { sha256, width: header.width, height: header.height, sharpness: sharpness(toGrey(small)) };
}

/**
 * Where the thumbnail of a reference is. One that is missing, as in libraries of earlier versions, is made, if the
 * proxy is there.
 *
 * @throws RasrError as `storeThumbnail`
 */
export async function thumbnailOf(sha256: string, paths: LibraryPaths): Promise<string> {
  const [thumbnail, proxy] = [paths.thumbnail(sha256), paths.proxy(sha256)];
  if (!existsSync(thumbnail) && existsSync(proxy)) await storeThumbnail(proxy, sha256, paths);
  return thumbnail;
}

/** A stored picture's hash and the sides of its proxy, in pixels. */
type PictureSize = Pick<StoredPicture, 'sha256' | 'width' | 'height'>;

/** The file of a reference that is quickest to read and no smaller than `side` on its shorter side, if any is. */
export function smallestPicture(
  { sha256, width, height }: PictureSize,
  side: number,
  paths: LibraryPaths,
): string {
  const longest = Math.max(width, height);
  const shorter = Math.min(width, height) * Math.min(1, THUMBNAIL.side / longest);
  const enough = shorter >= side || longest <= THUMBNAIL.side;
  const thumbnail = paths.thumbnail(sha256);
  return enough && existsSync(thumbnail) ? thumbnail : paths.proxy(sha256);
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
  const { side } = THUMBNAIL;
  try {
    const { data, info } = await openBytes(jpeg)
      .autoOrient()
      .flatten({ background: 'white' })
      .resize(side, side, { fit: 'inside', withoutEnlargement: true, kernel: 'lanczos3' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch (error) {
    throw asPhotoError(file, error);
  }
}

async function writeThumbnail({ data, width, height }: RgbImage, destination: string): Promise<void> {
  if (existsSync(destination)) return;
  const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
    // Codes made for each picture would take half as long again, and save 3 % of its bytes.
    .jpeg({ quality: THUMBNAIL.quality, optimiseCoding: false })
    .toBuffer();
  await writeFileAtomically(destination, 'replace', (temporary) => writeFile(temporary, bytes));
}
