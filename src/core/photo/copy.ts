import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { writeFileAtomically } from '../files/atomic-write.ts';
import { asPhotoError, openToShow } from './decode.ts';

/** How a smaller copy of a picture is made. */
export interface CopyOptions {
  /** Longest side in pixels; a smaller picture keeps its size. */
  readonly side: number;
  readonly format: 'jpeg' | 'webp' | 'png';
  readonly quality: number;
}

/**
 * Writes an sRGB copy of a picture, as {@link encodeCopy} makes it, unless it is there already.
 *
 * @throws RasrError as `decodePhoto` for the source, as `writeFileAtomically` for the destination
 */
export async function writeCopy(source: string, destination: string, options: CopyOptions): Promise<void> {
  if (existsSync(destination)) return;
  // Encoded in memory, so that an unreadable source and a full disk are told apart.
  const bytes = await encodeCopy(source, options);
  await writeFileAtomically(destination, 'replace', (temporary) => writeFile(temporary, bytes));
}

/**
 * The bytes of an sRGB copy of a picture, upright, at most `side` pixels long. Transparency is laid on white in a
 * JPEG and kept in a WebP.
 *
 * @throws RasrError as `decodePhoto`
 */
export async function encodeCopy(source: string, { side, format, quality }: CopyOptions): Promise<Buffer> {
  const image = await openToShow(source).catch((error: unknown) => {
    throw asPhotoError(source, error);
  });
  const upright = image.autoOrient();
  const opaque = format === 'jpeg' ? upright.flatten({ background: 'white' }) : upright;
  // Optimised Huffman tables and a harder search cost twice the time of all else, and save a seventh of the size.
  const quick = { optimiseCoding: false, effort: 2 };
  return opaque
    .resize(side, side, { fit: 'inside', withoutEnlargement: true, kernel: 'lanczos3' })
    .toColourspace('srgb')
    .toFormat(format, { quality, chromaSubsampling: '4:4:4', smartSubsample: true, ...quick })
    .toBuffer()
    .catch((error: unknown) => {
      throw asPhotoError(source, error);
    });
}
