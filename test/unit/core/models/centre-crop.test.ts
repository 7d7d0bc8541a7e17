import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { cropCentre } from '../../../../src/core/models/centre-crop.ts';
import { readSquareBatch } from '../../../../src/core/models/square-input.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

function image(width: number, height: number, valueAt: (x: number, y: number, c: number) => number): Sharp {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.trunc(i / 3);
    return valueAt(pixel % width, Math.trunc(pixel / width), i % 3) % 256;
  });
  return sharp(data, { raw: { width, height, channels: 3 } });
}

// What Pillow 13 makes of the same pixels: the shorter side to 8, BICUBIC, then the central 4 × 4.
const ENLARGED = [
  [127, 202, 22, 150, 233, 55, 174, 247, 84, 192, 101, 108],
  [163, 107, 62, 202, 72, 91, 229, 107, 121, 117, 78, 144],
  [214, 55, 110, 215, 16, 136, 178, 56, 166, 61, 92, 196],
  [255, 66, 147, 184, 86, 173, 38, 111, 201, 44, 135, 243],
];
const REDUCED = [
  [147, 166, 188, 170, 192, 203, 200, 209, 119, 179, 130, 134],
  [161, 182, 208, 187, 206, 178, 207, 135, 120, 138, 124, 130],
  [176, 201, 184, 207, 186, 113, 159, 118, 142, 115, 137, 81],
  [195, 203, 145, 190, 117, 126, 121, 136, 121, 136, 100, 52],
];

function expectWithinOne(found: Uint8Array, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  expect(Math.max(...expected.map((value, i) => Math.abs(found[i]! - value)))).toBeLessThanOrEqual(1);
}

describe('cropCentre', () => {
  it('enlarges as Pillow does', async () => {
    const found = await cropCentre(
      image(7, 5, (x, y, c) => x * 37 + y * 59 + c * 83),
      8,
      4,
    );
    expectWithinOne(found, ENLARGED.flat());
  });

  it('reduces as Pillow does', async () => {
    const steps = (x: number, y: number) => ((Math.trunc(x / 3) + Math.trunc(y / 2)) % 2) * 60;
    const found = await cropCentre(
      image(40, 30, (x, y, c) => x * 6 + y * 4 + c * 20 + steps(x, y)),
      8,
      4,
    );
    expectWithinOne(found, REDUCED.flat());
  });

  it.each([
    [1, 1],
    [1, 4000],
    [4000, 1],
  ])('takes a picture of %i × %i pixels', async (width, height) => {
    const found = await cropCentre(
      image(width, height, () => 77),
      256,
      224,
    );
    expect(found).toEqual(new Uint8Array(224 * 224 * 3).fill(77));
  });
});

describe('readSquareBatch with resize', () => {
  it('reads grey, transparent and 16-bit pictures as everyone sees them', async () => {
    const folder = await temporaryFolder();
    const files = ['grey.png', 'clear.png', 'deep.png'].map((name) => path.join(folder, name));
    const flat = { width: 30, height: 20, channels: 3 } as const;
    await sharp({ create: { ...flat, background: '#808080' } })
      .toColourspace('b-w')
      .toFile(files[0]!);
    await sharp({ create: { ...flat, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } }).toFile(
      files[1]!,
    );
    await sharp({ create: { ...flat, background: '#102030' } })
      .toColourspace('rgb16')
      .toFile(files[2]!);
    const sources = files.map((file) => ({ file, share: 0.5 }));
    const { data, dims } = await readSquareBatch(sources, { size: 4, resize: 8, fit: 'cover' });
    expect(dims).toEqual([3, 3, 4, 4]);
    const firstOfPlanes = Array.from({ length: 9 }, (_, plane) => Math.round(data[plane * 16]! * 255));
    expect(firstOfPlanes).toEqual([128, 128, 128, 255, 255, 255, 16, 32, 48]);
  });
});
