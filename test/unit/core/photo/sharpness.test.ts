import { describe, expect, it } from 'vitest';
import { sharpness } from '../../../../src/core/photo/sharpness.ts';
import { cloth, picture } from '../../../support/pictures.ts';

async function measured(image: ReturnType<typeof picture>): Promise<number> {
  const { data, info } = await image
    .resize(384, 384, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return sharpness({ data, width: info.width, height: info.height });
}

describe('sharpness', () => {
  it('falls the more a picture is blurred', async () => {
    const values = [];
    for (const sigma of [0, 1.5, 3, 6]) {
      const image = picture(384, 288, cloth(4));
      values.push(await measured(sigma === 0 ? image : image.blur(sigma)));
    }
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(values[0]).toBeGreaterThan(0.6);
    expect(values[3]).toBeLessThan(0.36);
  });

  it('is 0 of a picture without detail: one colour, or a soft gradient', async () => {
    expect(await measured(picture(300, 200, () => [0.5, 0.5, 0.5]))).toBe(0);
    expect(await measured(picture(300, 200))).toBeLessThan(0.36);
  });

  it('judges stripes by the direction that changes', async () => {
    const stripes = picture(300, 200, (x) =>
      Math.floor(x * 20) % 2 === 0 ? [0.1, 0.1, 0.1] : [0.9, 0.9, 0.9],
    );
    expect(await measured(stripes)).toBeGreaterThan(0.6);
  });

  it('says of what moved in one direction that it is blurred', async () => {
    const moved = Float32Array.from({ length: 25 }, () => 1 / 25);
    const image = picture(384, 288, cloth(4)).convolve({
      width: 25,
      height: 3,
      kernel: [...Array(25).fill(0), ...moved, ...Array(25).fill(0)],
    });
    expect(await measured(image)).toBeLessThan(0.5);
  });
});
