import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { withoutMetadata } from '../../../../src/core/photo/jpeg.ts';
import { cloth, picture } from '../../../support/pictures.ts';

const pixels = (bytes: Buffer) => sharp(bytes).raw().toBuffer();

describe('withoutMetadata', () => {
  it.each([
    ['baseline', {}],
    ['4:2:0', { chromaSubsampling: '4:2:0' }],
    ['progressive, of several scans', { progressive: true }],
    ['with restart markers', { mozjpeg: true }],
  ])('keeps every pixel of a %s file and drops the rest', async (_, options) => {
    const bytes = await picture(160, 120, cloth(3))
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .withIccProfile('p3')
      .jpeg(options)
      .toBuffer();
    const bare = withoutMetadata(bytes)!;
    const { exif, icc } = await sharp(bare).metadata();
    expect([exif, icc]).toEqual([undefined, undefined]);
    expect(bare.includes('somebody')).toBe(false);
    const before = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect((await pixels(bare)).equals(before)).toBe(true);
    // What has none stays as it is.
    expect(withoutMetadata(bare)!.equals(bare)).toBe(true);
  });

  it('drops what lies behind the picture', async () => {
    const bytes = await picture(64, 48, cloth(1)).jpeg().toBuffer();
    const bare = withoutMetadata(bytes)!;
    expect(withoutMetadata(Buffer.concat([bytes, bytes, Buffer.from('video')]))!.equals(bare)).toBe(true);
  });

  it('gives nothing back of what is no whole JPEG file', async () => {
    const bytes = await picture(64, 48, cloth(1)).jpeg().toBuffer();
    expect(withoutMetadata(await picture(64, 48).png().toBuffer())).toBeUndefined();
    expect(withoutMetadata(Buffer.alloc(0))).toBeUndefined();
    for (const length of [3, 20, 200, bytes.length - 2]) {
      expect(withoutMetadata(bytes.subarray(0, length))).toBeUndefined();
    }
  });
});
