import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodePhoto, MAX_INPUT_PIXELS, readPhotoHeader } from '../../../../src/core/photo/decode.ts';
import { headerBomb } from '../../../support/header-bomb.ts';
import { gradient, paint, picture } from '../../../support/pictures.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { sharedFolder } from '../../../support/temporary.ts';

const folder = await sharedFolder();
const file = (name: string) => path.join(folder, name);

describe('decodePhoto refuses', () => {
  let whole: Record<string, Buffer>;
  beforeAll(async () => {
    const formats = ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const;
    whole = Object.fromEntries(
      await Promise.all(
        formats.map(async (format) => [format, await picture(300, 200).toFormat(format).toBuffer()] as const),
      ),
    );
  });

  async function refused(name: string, bytes: Buffer | string, code: Parameters<typeof expectRefusal>[1]) {
    await writeFile(file(name), bytes);
    return expectRefusal(decodePhoto(file(name)), code, file(name));
  }

  it('an empty file', () => refused('empty.jpg', '', 'NOT_AN_IMAGE'));
  it('a text by the name of a photo', () => refused('text.jpg', 'Dear museum,\n', 'NOT_AN_IMAGE'));
  it('a file that is not there', () =>
    expectRefusal(decodePhoto(file('none.jpg')), 'FILE_MISSING', 'none.jpg'));

  it('a folder', async () => {
    await mkdir(file('folder.jpg'));
    await expectRefusal(decodePhoto(file('folder.jpg')), 'NOT_AN_IMAGE', 'folder.jpg');
  });

  it.each(['jpeg', 'png', 'webp'])('a truncated %s', async (format) => {
    const bytes = whole[format]!;
    await refused(`cut.${format}`, bytes.subarray(0, bytes.length * 0.6), 'IMAGE_DAMAGED');
  });

  it.each(['avif', 'tiff'])('a truncated %s', async (format) => {
    const bytes = whole[format]!;
    await writeFile(file(`cut.${format}`), bytes.subarray(0, bytes.length * 0.6));
    await expect(decodePhoto(file(`cut.${format}`))).rejects.toMatchObject({
      code: expect.stringMatching(/^(IMAGE_DAMAGED|NOT_AN_IMAGE)$/),
      message: expect.stringContaining(file(`cut.${format}`)),
    });
  });

  it('a JPEG whose tables are gone, as damaged and not as missing', async () => {
    const bytes = Buffer.from(whole.jpeg!);
    for (let i = 0; i + 1 < bytes.length; i++)
      if (bytes[i] === 0xff && bytes[i + 1] === 0xdb) bytes[i + 1] = 0xfe;
    await refused('no-tables.jpg', bytes, 'IMAGE_DAMAGED');
  });

  it.each(['GIF', 'SVG'])('a %s, saying what it is', async (kind) => {
    const bytes =
      kind === 'GIF'
        ? await picture(20, 20).gif().toBuffer()
        : '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"/>';
    expect((await refused(`is.${kind}`, bytes, 'IMAGE_UNSUPPORTED')).message).toContain(kind);
  });

  it('a small file that claims 40,000 × 40,000 pixels, from its header alone', async () => {
    await refused('bomb.png', headerBomb(40_000, 40_000), 'IMAGE_TOO_LARGE');
  });

  it('one row more than the limit', async () => {
    const width = 10_000;
    await refused('over.png', headerBomb(width, MAX_INPUT_PIXELS / width + 1), 'IMAGE_TOO_LARGE');
  });
});

describe('readPhotoHeader', () => {
  it('trusts the bytes and not the name', async () => {
    await writeFile(file('really-png.jpg'), await picture(30, 20).png().toBuffer());
    expect(await readPhotoHeader(file('really-png.jpg'))).toMatchObject({
      format: 'png',
      width: 30,
      height: 20,
    });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('gives the sides after orientation %i', async (orientation) => {
    await picture(30, 20)
      .withMetadata({ orientation })
      .jpeg()
      .toFile(file(`turned-${orientation}.jpg`));
    const { width, height } = await readPhotoHeader(file(`turned-${orientation}.jpg`));
    expect([width, height]).toEqual(orientation < 5 ? [30, 20] : [20, 30]);
  });
});

describe('decodePhoto', () => {
  it('reads one pixel', async () => {
    await picture(1, 1, () => [1, 0.4, 0])
      .png()
      .toFile(file('one.png'));
    const photo = await decodePhoto(file('one.png'));
    expect(photo).toMatchObject({ width: 1, height: 1, alpha: null, format: 'png' });
    expect([...photo.data]).toEqual([255, 102, 0]);
  });

  it('finds the same pixels behind every orientation', async () => {
    const upright = paint(30, 20, gradient);
    // How each orientation stores pixel (x, y) of the upright picture.
    const stored: Record<number, (x: number, y: number) => [number, number]> = {
      1: (x, y) => [x, y],
      2: (x, y) => [29 - x, y],
      3: (x, y) => [29 - x, 19 - y],
      4: (x, y) => [x, 19 - y],
      5: (x, y) => [y, x],
      6: (x, y) => [y, 29 - x],
      7: (x, y) => [19 - y, 29 - x],
      8: (x, y) => [19 - y, x],
    };
    for (const [orientation, place] of Object.entries(stored)) {
      const [width, height] = Number(orientation) < 5 ? [30, 20] : [20, 30];
      const raw = new Uint8Array(upright.length);
      for (let y = 0; y < 20; y++) {
        for (let x = 0; x < 30; x++) {
          const [column, row] = place(x, y);
          for (let c = 0; c < 3; c++) raw[(row * width + column) * 3 + c] = upright[(y * 30 + x) * 3 + c]!;
        }
      }
      const name = file(`o${orientation}.png`);
      await sharp(raw, { raw: { width, height, channels: 3 } })
        .withMetadata({ orientation: Number(orientation) })
        .png()
        .toFile(name);
      const photo = await decodePhoto(name);
      expect([photo.width, photo.height], name).toEqual([30, 20]);
      expect(Buffer.compare(photo.data as Uint8Array, upright), name).toBe(0);
    }
  });

  it.each([
    ['grey', 1],
    ['grey with alpha', 2],
    ['RGB', 3],
    ['RGB with alpha', 4],
  ] as const)('spreads %s to RGB and keeps alpha apart', async (_kind, channels) => {
    const samples = Uint8Array.of(10, 200, 30, 99).subarray(0, channels);
    const name = file(`channels-${channels}.png`);
    await sharp(samples, { raw: { width: 1, height: 1, channels } })
      .toColourspace(channels < 3 ? 'b-w' : 'srgb')
      .png()
      .toFile(name);
    const photo = await decodePhoto(name);
    expect([...photo.data]).toEqual(channels < 3 ? [10, 10, 10] : [10, 200, 30]);
    expect(photo.alpha && [...photo.alpha]).toEqual(channels % 2 === 0 ? [samples.at(-1)] : null);
  });

  it('keeps 16 bit to the last', async () => {
    const samples = Uint16Array.of(0, 1, 65_535, 257, 12_345, 40_000);
    for (const format of ['png', 'tiff'] as const) {
      const name = file(`deep.${format}`);
      await sharp(samples, { raw: { width: 2, height: 1, channels: 3 } })
        .toColourspace('rgb16')
        .toFormat(format, { compression: 'deflate' } as object)
        .toFile(name);
      const photo = await decodePhoto(name);
      expect(photo.data).toBeInstanceOf(Uint16Array);
      expect([...photo.data]).toEqual([...samples]);
    }
  });

  it("leaves a Display P3 photo's samples in its own space", async () => {
    await picture(8, 8, () => [1, 0, 0])
      .withIccProfile('p3')
      .png()
      .toFile(file('p3.png'));
    const raw = await sharp(file('p3.png'), { ignoreIcc: true }).raw().toBuffer();
    const photo = await decodePhoto(file('p3.png'));
    expect(photo.colour).toBe('embedded');
    expect([...photo.data]).toEqual([...raw]);
    // Red of sRGB is no pure red in P3: had it been converted, it would read 255, 0, 0.
    expect(photo.data[1]).toBeGreaterThan(20);
  });

  it('converts CMYK to sRGB through its profile', async () => {
    await picture(40, 30).withIccProfile('cmyk').jpeg({ quality: 100 }).toFile(file('cmyk.jpg'));
    expect((await sharp(file('cmyk.jpg')).metadata()).space).toBe('cmyk');
    const photo = await decodePhoto(file('cmyk.jpg'));
    const asViewersShow = await sharp(file('cmyk.jpg')).toColourspace('srgb').raw().toBuffer();
    expect(photo.colour).toBe('srgb');
    expect(Buffer.compare(photo.data as Uint8Array, asViewersShow)).toBe(0);
  });

  it('converts Lab', async () => {
    await picture(40, 30).toColourspace('lab').tiff({ compression: 'deflate' }).toFile(file('lab.tif'));
    const photo = await decodePhoto(file('lab.tif'));
    const wanted = paint(40, 30, gradient);
    photo.data.forEach((value, i) => {
      if (Math.abs(value - wanted[i]!) > 1) throw new Error(`sample ${i}`);
    });
    expect(photo.data).toHaveLength(wanted.length);
  });
});
