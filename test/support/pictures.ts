import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';

/** Colour of a pixel: RGB, 0…1. */
export type Painter = (x: number, y: number) => readonly [number, number, number];

/** Interleaved 8-bit RGB. */
export function paint(width: number, height: number, colourAt: Painter): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      colourAt(x / width, y / height).forEach((value, channel) => {
        data[at + channel] = Math.round(value * 255);
      });
    }
  }
  return data;
}

/** A soft gradient in three directions: every pixel differs from its mirror images and rotations. */
export const gradient: Painter = (x, y) => [0.15 + 0.6 * x, 0.2 + 0.5 * y, 0.8 - 0.3 * x - 0.2 * y];

/** A checked cloth; another `seed` has other colours and another mesh. */
export function cloth(seed: number): Painter {
  const mesh = 5 + (seed % 7) * 3;
  const hue = (seed * 0.618) % 1;
  return (x, y) => {
    const weave = (Math.floor(x * mesh) + Math.floor(y * mesh)) % 2 === 0 ? 0.9 : 0.35;
    return [weave * hue, weave * (1 - hue), 0.2 + 0.6 * ((x + y + hue) % 1)];
  };
}

/** A sharp pipeline on a painted picture. */
export function picture(width: number, height: number, painter: Painter = gradient): Sharp {
  return sharp(paint(width, height, painter), { raw: { width, height, channels: 3 } });
}

/** Writes a painted picture in the format its name asks for, and returns the file. */
export async function writePicture(
  file: string,
  width: number,
  height: number,
  painter: Painter = gradient,
): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await picture(width, height, painter).toFile(file);
  return file;
}

/** A picture as everyone sees it: interleaved 8-bit sRGB, laid on white, orientation applied. */
export async function asSeen(file: string): Promise<{ data: Uint8Array; width: number; height: number }> {
  const { data, info } = await sharp(file)
    .autoOrient()
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Mean absolute difference of two lists of samples of equal length. */
export function meanDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} samples against ${b.length}`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}
