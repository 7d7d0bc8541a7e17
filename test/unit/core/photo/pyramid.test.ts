import { stat } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  encodeRegion,
  levelSize,
  pyramidBytes,
  readRegion,
  TILE_SIZE,
  tileRegion,
  writePyramid,
} from '../../../../src/core/photo/pyramid.ts';
import { asSeen, meanDifference, picture, writePicture } from '../../../support/pictures.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

async function pyramidOf(width: number, height: number): Promise<{ source: string; pyramid: string }> {
  const folder = await temporaryFolder();
  const source = await writePicture(path.join(folder, 'a.png'), width, height);
  const pyramid = path.join(folder, 'a.tif');
  await writePyramid(source, pyramid);
  return { source, pyramid };
}

describe('a pyramid', () => {
  it.each([
    [1, 1, 1],
    [512, 300, 2],
    [513, 20, 2],
    [1027, 513, 3],
    [30, 1026, 3],
  ])(
    'of %d × %d pixels has %d levels, each half of the one before, rounded down',
    async (width, height, count) => {
      const { pyramid } = await pyramidOf(width, height);
      for (let level = 0; level < count; level++) {
        expect(await levelSize(pyramid, level)).toEqual({
          width: Math.max(1, Math.floor(width / 2 ** level)),
          height: Math.max(1, Math.floor(height / 2 ** level)),
        });
      }
      expect(await levelSize(pyramid, count)).toBeNull();
    },
  );

  it('has every pixel of the picture as it is, however it is cut', async () => {
    const { source, pyramid } = await pyramidOf(1100, 700);
    const whole = await asSeen(source);
    for (const place of [
      { level: 0, x: 0, y: 0 },
      { level: 0, x: 1, y: 1 },
      { level: 0, x: 2, y: 0 },
    ]) {
      const region = tileRegion(whole, place)!;
      const tile = await sharp(await encodeRegion(pyramid, 0, region))
        .raw()
        .toBuffer();
      expect(tile.length).toBe(region.width * region.height * 3);
      for (let y = 0; y < region.height; y++) {
        const from = ((region.top + y) * whole.width + region.left) * 3;
        const row = whole.data.subarray(from, from + region.width * 3);
        expect(Buffer.compare(tile.subarray(y * row.length, (y + 1) * row.length), Buffer.from(row))).toBe(0);
      }
    }
  });

  it('keeps transparency, applies the orientation and reduces 16 bit', async () => {
    const folder = await temporaryFolder();
    const source = path.join(folder, 'deep.png');
    await picture(40, 30)
      .ensureAlpha(0.5)
      .toColourspace('rgb16')
      .withMetadata({ orientation: 6 })
      .png()
      .toFile(source);
    await writePyramid(source, path.join(folder, 'deep.tif'));
    expect(await levelSize(path.join(folder, 'deep.tif'), 0)).toEqual({ width: 30, height: 40 });
    const tile = sharp(
      await encodeRegion(path.join(folder, 'deep.tif'), 0, { left: 0, top: 0, width: 30, height: 40 }),
    );
    expect(await tile.metadata()).toMatchObject({ depth: 'uchar', hasAlpha: true, width: 30, height: 40 });
    const alpha = [...(await tile.extractChannel('alpha').raw().toBuffer())];
    expect(alpha.every((value) => Math.abs(value - 127.5) < 1)).toBe(true);
  });

  it('is laid on white where it is read as plain colours', async () => {
    const folder = await temporaryFolder();
    const clear = { create: { width: 4, height: 4, channels: 4 as const, background: '#00000000' } };
    await sharp(clear).png().toFile(path.join(folder, 'clear.png'));
    await writePyramid(path.join(folder, 'clear.png'), path.join(folder, 'clear.tif'));
    const data = await readRegion(path.join(folder, 'clear.tif'), 0, {
      left: 0,
      top: 0,
      width: 4,
      height: 4,
    });
    expect([...data]).toEqual(Array(48).fill(255));
  });

  it('of a level holds the mean of the pixels it halves', async () => {
    const { source, pyramid } = await pyramidOf(1040, 1040);
    const halved = await sharp(source).resize(520, 520, { kernel: 'linear' }).raw().toBuffer();
    const level = await readRegion(pyramid, 1, { left: 0, top: 0, width: 520, height: 520 });
    expect(meanDifference(level, halved)).toBeLessThan(0.6);
  });
});

describe('tileRegion', () => {
  it('shares a pixel with each neighbour, and has none beyond the edge', () => {
    const size = { width: 1200, height: 500 };
    expect(tileRegion(size, { level: 0, x: 0, y: 0 })).toEqual({ left: 0, top: 0, width: 513, height: 500 });
    expect(tileRegion(size, { level: 0, x: 1, y: 0 })).toEqual({
      left: 511,
      top: 0,
      width: 514,
      height: 500,
    });
    expect(tileRegion(size, { level: 0, x: 2, y: 0 })).toEqual({
      left: 1023,
      top: 0,
      width: 177,
      height: 500,
    });
    expect(tileRegion(size, { level: 0, x: 3, y: 0 })).toBeNull();
    expect(tileRegion(size, { level: 0, x: 0, y: 1 })).toBeNull();
  });

  it('has a tile wherever the unrounded halving has a part of one', () => {
    // 2,049 halved is 1,024.5: the grid has a third column, of which the level holds the shared pixel alone.
    const level = { width: 1024, height: 100 };
    expect(tileRegion(level, { level: 1, x: 2, y: 0 })).toMatchObject({ left: 2 * TILE_SIZE - 1, width: 1 });
  });
});

describe('pyramidBytes', () => {
  it('comes near to what a pyramid takes', async () => {
    const { pyramid } = await pyramidOf(2048, 2048);
    const { size } = await stat(pyramid);
    expect(size / pyramidBytes({ width: 2048, height: 2048 })).toBeCloseTo(1, 1);
  });
});
