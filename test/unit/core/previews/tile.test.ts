import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { differenceHeat } from '../../../../src/core/previews/difference.ts';
import { PyramidCache } from '../../../../src/core/previews/pyramid-cache.ts';
import { differenceTile, pictureTile } from '../../../../src/core/previews/tile.ts';
import { asSeen, gradient, meanDifference, type Painter, writePicture } from '../../../support/pictures.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

async function setUp() {
  const folder = await temporaryFolder();
  const cache = new PyramidCache(path.join(folder, 'pyramids'), () => 1e9);
  const write = (name: string, width: number, height: number, painter: Painter = gradient) =>
    writePicture(path.join(folder, name), width, height, painter);
  return { cache, write };
}

async function pixels(png: Buffer) {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

describe('pictureTile', () => {
  it('is the part of the picture it stands for', async () => {
    const { cache, write } = await setUp();
    const file = await write('a.png', 700, 600);
    const tile = await pixels(await pictureTile(cache, file, { level: 0, x: 1, y: 1 }));
    const part = await sharp(file).extract({ left: 511, top: 511, width: 189, height: 89 }).raw().toBuffer();
    expect([tile.width, tile.height]).toEqual([189, 89]);
    expect(Buffer.compare(tile.data, part)).toBe(0);
  });

  it.each([
    { level: 5, x: 0, y: 0 },
    { level: 0, x: 2, y: 0 },
    { level: 0, x: 0, y: 2 },
  ])('refuses %j, which the picture does not have', async (place) => {
    const { cache, write } = await setUp();
    const file = await write('a.png', 700, 600);
    await expectRefusal(pictureTile(cache, file, place), 'FILE_MISSING');
  });
});

const wave = (x: number) => 0.5 + 0.4 * Math.sin(2 * Math.PI * 10 * x);

describe('differenceTile', () => {
  const brighter: Painter = (x, y) => {
    const [r, g, b] = gradient(x, y);
    return [r + 0.1, g + 0.1, b + 0.1];
  };

  it('shows the same heat everywhere where all differs by the same, whatever the level', async () => {
    const { cache, write } = await setUp();
    const [before, after] = [await write('a.png', 1200, 900), await write('b.png', 1200, 900, brighter)];
    const expected = differenceHeat(Uint8Array.of(0, 0, 0), Uint8Array.of(25, 26, 25));
    for (const place of [
      { level: 0, x: 1, y: 1 },
      { level: 1, x: 0, y: 0 },
      { level: 2, x: 0, y: 0 },
    ]) {
      const { data } = await pixels(await differenceTile(cache, before, after, place));
      const flat = Uint8Array.from(data, (_, i) => expected[i % 3]!);
      expect(meanDifference(data, flat)).toBeLessThan(3);
    }
  });

  it.each([2, 4])('lays a photo that is %d times smaller on the result without a shift', async (scale) => {
    const { cache, write } = await setUp();
    const [width, height] = [1203 - (1203 % scale), 900];
    // Enlarged about the centres of pixels, soft waves stay nearly what they are; moved by a pixel they would not.
    const waves: Painter = (x, y) => [wave(x), wave(y), wave(x + y)];
    const after = await write('after.png', width, height, waves);
    // A pixel's corner is painted, but the smaller one's shall have the colour of the larger ones' middle.
    const middle = (scale - 1) / 2;
    const before = await write('before.png', width / scale, height / scale, (x, y) =>
      waves(x + middle / width, y + middle / height),
    );
    for (const place of [
      { level: 0, x: 0, y: 0 },
      { level: 0, x: 1, y: 1 },
      { level: 1, x: 1, y: 0 },
      { level: 2, x: 0, y: 0 },
    ]) {
      const { data } = await pixels(await differenceTile(cache, before, after, place));
      const none = Uint8Array.from(data, (_, i) => [0, 0, 4][i % 3]!);
      expect(meanDifference(data, none)).toBeLessThan(4);
    }
  });

  it('finds the spot that differs, and nothing beside it', async () => {
    const { cache, write } = await setUp();
    const spot: Painter = (x, y) => (x > 0.5 && x < 0.6 && y > 0.5 && y < 0.6 ? [1, 1, 1] : gradient(x, y));
    const [before, after] = [await write('a.png', 400, 300), await write('b.png', 400, 300, spot)];
    const { data, width } = await pixels(
      await differenceTile(cache, before, after, { level: 0, x: 0, y: 0 }),
    );
    const at = (x: number, y: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
    expect(at(100, 100)).toEqual([0, 0, 4]);
    expect(Math.max(...at(220, 165))).toBeGreaterThan(200);
    const { data: seen } = await asSeen(after);
    expect(seen.length).toBe(data.length);
  });
});
