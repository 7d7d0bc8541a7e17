import type { Locator } from '@playwright/test';
import sharp from 'sharp';

/** RGB pixels of what is on the screen or in a file. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A part of a picture, in shares of its width and height. */
export interface Region {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What an element looks like on the screen. */
export async function pixelsOf(element: Locator): Promise<Pixels> {
  return decode(await element.screenshot());
}

/** @param picture a file's path or bytes */
export async function decode(picture: string | Buffer): Promise<Pixels> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** Mean absolute difference over a region, 0…255. Both must have one size. */
export function difference(a: Pixels, b: Pixels, region: Region): number {
  if (a.width !== b.width || a.height !== b.height) throw new Error('The pictures differ in size.');
  let sum = 0;
  let count = 0;
  for (let y = Math.round(region.top * a.height); y < Math.round(region.bottom * a.height); y++) {
    for (let x = Math.round(region.left * a.width); x < Math.round(region.right * a.width); x++) {
      for (let channel = 0; channel < 3; channel++) {
        const i = (y * a.width + x) * 3 + channel;
        sum += Math.abs(a.data[i]! - b.data[i]!);
        count += 1;
      }
    }
  }
  return sum / count;
}

/** Mean red, green and blue over a region, each 0…255. */
export function meanColour({ width, height, data }: Pixels, region: Region): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let y = Math.round(region.top * height); y < Math.round(region.bottom * height); y++) {
    for (let x = Math.round(region.left * width); x < Math.round(region.right * width); x++) {
      for (const channel of [0, 1, 2] as const) sums[channel] += data[(y * width + x) * 3 + channel]!;
      count += 1;
    }
  }
  return [sums[0] / count, sums[1] / count, sums[2] / count];
}

/** Cuts a rectangle out, in pixels. */
export function crop(pixels: Pixels, left: number, top: number, width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * pixels.width + left) * 3;
    data.set(pixels.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}
