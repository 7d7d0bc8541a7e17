import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

/** Width and height of a small photo: one tile, restored within a second. */
export const SMALL = { width: 48, height: 36 };

/** The colour of the photo of this number; no two of a batch are alike. */
export function colourOf(index: number): { r: number; g: number; b: number } {
  return { r: 40 + ((index * 37) % 160), g: 40 + ((index * 71) % 160), b: 40 + ((index * 113) % 160) };
}

/**
 * Writes photos of one tile each, every one of its own colour, named `small-01.png` and so on.
 *
 * @returns their paths
 */
export async function writeSmallPhotos(folder: string, count: number, size = SMALL): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files = Array.from({ length: count }, (_, i) =>
    path.join(folder, `small-${String(i + 1).padStart(2, '0')}.png`),
  );
  for (const [i, file] of files.entries()) {
    await sharp({ create: { ...size, channels: 3, background: colourOf(i) } })
      .png()
      .toFile(file);
  }
  return files;
}
