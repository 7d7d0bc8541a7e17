import { existsSync } from 'node:fs';
import { writeFileAtomically } from '../files/atomic-write.ts';
import { asPhotoError, open } from './decode.ts';

/** Longest side of a display copy in pixels. */
export const PREVIEW_SIDE = 4096;

/**
 * Makes a display copy every browser shows (sRGB WebP), unless it is there already.
 *
 * @param side longest side in pixels; never enlarged
 * @throws RasrError as `decodePhoto`
 */
export async function makePreview(file: string, destination: string, side: number): Promise<void> {
  if (existsSync(destination)) return;
  await writeFileAtomically(destination, 'replace', (temporary) =>
    open(file)
      .autoOrient()
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .webp({ quality: 94, smartSubsample: true })
      .toFile(temporary)
      .catch((error: unknown) => {
        throw asPhotoError(file, error);
      }),
  );
}
