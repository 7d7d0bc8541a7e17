import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { beforeAfterPicture, type Part } from '../../../../src/core/previews/before-after.ts';
import { PyramidCache } from '../../../../src/core/previews/pyramid-cache.ts';
import { type Painter, writePicture } from '../../../support/pictures.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const red: Painter = () => [0.8, 0.1, 0.1];
/** Blue, green in its right half. */
const blue: Painter = (x) => (x < 0.5 ? [0.1, 0.1, 0.8] : [0.1, 0.8, 0.1]);
const WHOLE: Part = { left: 0, top: 0, width: 1, height: 1 };
const XMP =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>';

async function make(
  size: { width: number; height: number },
  part: Part,
  labels = { before: 'Before', after: 'After' },
) {
  const folder = await temporaryFolder();
  const before = await writePicture(path.join(folder, 'before.png'), size.width / 4, size.height / 4, red);
  const after = await writePicture(path.join(folder, 'after.png'), size.width, size.height, blue);
  const cache = new PyramidCache(path.join(folder, 'pyramids'), () => 1e9);
  const bytes = await beforeAfterPicture(cache, { before, after, part, labels, xmp: XMP });
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
  ];
  return { bytes, at, width: info.width, height: info.height };
}

const near = (colour: readonly number[], expected: readonly number[]) =>
  colour.every((value, i) => Math.abs(value - expected[i]!) < 12);

describe('before and after in one picture', () => {
  it('lie beside each other, before on the left, at the result’s own size', async () => {
    const { at, width, height } = await make({ width: 800, height: 600 }, WHOLE);
    expect(height).toBe(600);
    expect(width).toBeGreaterThan(1600);
    expect(near(at(400, 500), [204, 26, 26])).toBe(true);
    expect(near(at(width - 700, 500), [26, 26, 204])).toBe(true);
    expect(near(at(width - 100, 500), [26, 204, 26])).toBe(true);
    expect(at(Math.round(width / 2), 300).every((value) => value > 240)).toBe(true);
  });

  it('lie above each other where they are wide', async () => {
    const { at, width, height } = await make({ width: 800, height: 400 }, WHOLE);
    expect(width).toBe(800);
    expect(near(at(400, 300), [204, 26, 26])).toBe(true);
    expect(near(at(100, height - 50), [26, 26, 204])).toBe(true);
  });

  it('show the part that was asked for, and no more pixels than a screen needs', async () => {
    const right = await make({ width: 800, height: 600 }, { left: 0.6, top: 0.5, width: 0.25, height: 0.5 });
    expect(right.height).toBe(300);
    expect(near(right.at(right.width - 50, 250), [26, 204, 26])).toBe(true);
    const large = await make({ width: 4800, height: 3600 }, WHOLE);
    expect(large.height).toBe(900);
    expect(near(large.at(large.width - 100, 800), [26, 204, 26])).toBe(true);
  });

  it('carry their labels, whatever is in them', async () => {
    const plain = await make({ width: 800, height: 600 }, WHOLE, { before: '', after: '' });
    const told = await make({ width: 800, height: 600 }, WHOLE, { before: '<b>"&', after: 'With тигр 🐅' });
    const dark = ({ at }: typeof told) => Math.min(...at(20, 20));
    expect(dark(told)).toBeLessThan(dark(plain) + 200);
    const long = await make({ width: 200, height: 120 }, WHOLE, { before: 'x'.repeat(200), after: 'After' });
    expect(long.width).toBe(200);
  });

  it('are a JPEG with the XMP they are given and without EXIF', async () => {
    const { bytes } = await make({ width: 80, height: 60 }, WHOLE);
    const metadata = await sharp(bytes).metadata();
    expect(metadata.format).toBe('jpeg');
    expect(metadata.xmp?.toString()).toContain('adobe:ns:meta');
    expect(metadata.exif).toBeUndefined();
  });
});
