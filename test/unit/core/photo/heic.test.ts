import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { APP_ROOT } from '../../../../src/core/app-info.ts';
import { writeCopy } from '../../../../src/core/photo/copy.ts';
import { decodePhoto, readPhotoHeader } from '../../../../src/core/photo/decode.ts';
import { encodePicture } from '../../../../src/core/photo/encode.ts';
import { isHeic } from '../../../../src/core/photo/heic.ts';
import { readRgb } from '../../../../src/core/photo/pixels.ts';
import { picture } from '../../../support/pictures.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { sharedFolder } from '../../../support/temporary.ts';

const folder = await sharedFolder();
const file = (name: string) => path.join(folder, name);
const QUARTERS = path.join(APP_ROOT, 'test', 'support', 'photos', 'quarters.heic');

/** The colours of the four quarters, as the file stores them. */
const COLOURS = [
  [200, 40, 40],
  [40, 180, 60],
  [50, 60, 200],
  [230, 230, 230],
] as const;

function middles(data: ArrayLike<number>, width: number, height: number): number[][] {
  return [0.25, 0.75].flatMap((y) =>
    [0.25, 0.75].map((x) => {
      const at = (Math.round(y * height) * width + Math.round(x * width)) * 3;
      return [data[at]!, data[at + 1]!, data[at + 2]!];
    }),
  );
}

function expectColours(found: number[][], tolerance: number): void {
  found.forEach((colour, i) => {
    colour.forEach((value, channel) => {
      expect(Math.abs(value - COLOURS[i]![channel]!), `quarter ${i}: ${colour}`).toBeLessThanOrEqual(
        tolerance,
      );
    });
  });
}

describe("an iPhone's HEIC", () => {
  it('is read upright, in its own colours', async () => {
    expect(await readPhotoHeader(QUARTERS)).toMatchObject({ format: 'jpeg', width: 96, height: 64 });
    const photo = await decodePhoto(QUARTERS);
    expect(photo).toMatchObject({ format: 'jpeg', width: 96, height: 64, colour: 'embedded', alpha: null });
    expectColours(middles(photo.data, 96, 64), 6);
  });

  it('is converted to sRGB where a copy of it is shown or compared', async () => {
    // Display P3's red is more than sRGB's: the same colour has less red and the others clipped.
    const { data } = await readRgb(QUARTERS, 96, 64);
    expect(middles(data, 96, 64)[0]![0]).toBeGreaterThan(COLOURS[0][0] + 8);
    await writeCopy(QUARTERS, file('copy.webp'), { side: 48, format: 'webp', quality: 90 });
    expect(await sharp(file('copy.webp')).metadata()).toMatchObject({ width: 48, height: 32 });
  });

  it('gives its profile and EXIF to the restored picture, which is upright', async () => {
    const photo = await decodePhoto(QUARTERS);
    const { width, height, data, alpha } = photo;
    await encodePicture({ width, height, data, alpha }, photo, 'jpeg', '<x:xmpmeta/>', file('restored.jpg'));
    const metadata = await sharp(file('restored.jpg')).metadata();
    expect(metadata).toMatchObject({ width: 96, height: 64, hasProfile: true });
    expect(metadata.orientation ?? 1).toBe(1);
    expect(metadata.exif!.toString('latin1')).toContain('RASR test');
    expect(metadata.icc!.equals((await sharp(QUARTERS).metadata()).icc!)).toBe(true);
  });

  it('is read anew once the file has changed', async () => {
    await copyFile(QUARTERS, file('changing.heic'));
    await decodePhoto(file('changing.heic'));
    await picture(20, 10).png().toFile(file('changing.heic'));
    expect(await decodePhoto(file('changing.heic'))).toMatchObject({ format: 'png', width: 20, height: 10 });
  });

  it.each([0.3, 0.8])('of which %f is there is refused by name', async (share) => {
    const whole = await readFile(QUARTERS);
    await writeFile(file('cut.heic'), whole.subarray(0, whole.length * share));
    await expect(decodePhoto(file('cut.heic'))).rejects.toMatchObject({
      code: expect.stringMatching(/^(IMAGE_DAMAGED|NOT_AN_IMAGE)$/),
      message: expect.stringContaining(file('cut.heic')),
    });
  });

  it('whose pixels are rubbish is damaged', async () => {
    const bytes = await readFile(QUARTERS);
    bytes.fill(0xff, bytes.indexOf('mdat') + 4);
    await writeFile(file('rubbish.heic'), bytes);
    await expectRefusal(decodePhoto(file('rubbish.heic')), 'IMAGE_DAMAGED', file('rubbish.heic'));
  });

  it('is told from an AVIF, whatever their names', async () => {
    await picture(32, 32).avif().toFile(file('named.heic'));
    expect(await isHeic(file('named.heic'))).toBe(false);
    expect(await decodePhoto(file('named.heic'))).toMatchObject({ format: 'avif' });
    expect(await isHeic(QUARTERS)).toBe(true);
  });
});
