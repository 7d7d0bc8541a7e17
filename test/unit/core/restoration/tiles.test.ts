import { describe, expect, it } from 'vitest';
import type { Photo, Samples } from '../../../../src/core/photo/photo.ts';
import {
  averageDown,
  cutTile,
  enlargeBilinear,
  enlargeSamples,
} from '../../../../src/core/restoration/tiles.ts';

function photo(width: number, height: number, data: Samples): Photo {
  return { file: 'photo.png', format: 'png', width, height, data, alpha: null, colour: 'srgb', xmp: null };
}

const numbered = (length: number) => Uint8Array.from({ length }, (_, i) => i);

describe('cutTile', () => {
  it('turns interleaved bytes into planes from nought to one', () => {
    const { data, dims } = cutTile(photo(2, 1, Uint8Array.of(0, 51, 255, 102, 153, 204)), 0, 0, 2, 1);
    expect(dims).toEqual([1, 3, 1, 2]);
    [0, 0.4, 0.2, 0.6, 1, 0.8].forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 6);
    });
  });

  it('reads 16-bit samples at their own scale', () => {
    const { data } = cutTile(photo(1, 1, Uint16Array.of(65_535, 0, 13_107)), 0, 0, 1, 1);
    expect([...data].map((value) => value.toFixed(4))).toEqual(['1.0000', '0.0000', '0.2000']);
  });

  it('cuts where it is told to', () => {
    const { data } = cutTile(photo(4, 3, numbered(36)), 2, 1, 1, 1);
    expect([...data].map((value) => Math.round(value * 255))).toEqual([18, 19, 20]);
  });

  it('repeats the edge beyond the photo', () => {
    const { data } = cutTile(photo(2, 2, numbered(12)), 1, 1, 3, 2);
    expect([...data.subarray(0, 6)].map((value) => Math.round(value * 255))).toEqual([9, 9, 9, 9, 9, 9]);
  });
});

describe('averageDown', () => {
  it('averages blocks of each channel by itself', () => {
    const data = Float32Array.of(
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      /* g */ 1,
      1,
      1,
      1,
      1,
      1,
      1,
      1,
      /* b */ 0,
      0,
      8,
      8,
      0,
      0,
      8,
      8,
    );
    const small = averageDown({ data, width: 4, height: 2 }, 2);
    expect(small).toMatchObject({ width: 2, height: 1 });
    expect([...small.data]).toEqual([2.5, 4.5, 1, 1, 0, 8]);
  });

  it('leaves a picture alone at factor one', () => {
    const image = { data: new Float32Array(3), width: 1, height: 1 };
    expect(averageDown(image, 1)).toBe(image);
  });
});

describe('enlargeBilinear', () => {
  it('keeps centres where they are: a ramp stays one, level beyond the outermost centres', () => {
    expect([...enlargeBilinear(Float32Array.of(0, 1), 2, 1, 2)]).toEqual([
      0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1,
    ]);
  });
});

describe('enlargeSamples', () => {
  it('rounds, in eight and in sixteen bits', () => {
    expect(enlargeSamples(Uint8Array.of(0, 2), 2, 1, 2)).toEqual(Uint8Array.of(0, 1, 2, 2, 0, 1, 2, 2));
    expect(enlargeSamples(Uint16Array.of(65_535, 0), 1, 2, 2)).toEqual(
      Uint16Array.of(65_535, 65_535, 49_151, 49_151, 16_384, 16_384, 0, 0),
    );
  });
});
