import { afterAll, describe, expect, it } from 'vitest';
import { resizing, translation } from '../../../../src/core/alignment/homography.ts';
import { loadOpenCv } from '../../../../src/core/alignment/opencv.ts';
import { holdPicture, warpPicture } from '../../../../src/core/alignment/warp.ts';
import { gradient, paint } from '../../../support/pictures.ts';

const cv = await loadOpenCv();
const [WIDTH, HEIGHT] = [32, 24];
const data = paint(WIDTH, HEIGHT, gradient);
const picture = holdPicture(cv, { data, width: WIDTH, height: HEIGHT });
afterAll(() => picture.delete());

describe('warpPicture', () => {
  it('gives the picture itself where nothing moves, as planes from 0 to 1', () => {
    const seen = warpPicture(cv, picture, resizing(1), WIDTH, HEIGHT, 4);
    const plane = WIDTH * HEIGHT;
    for (let i = 0; i < plane; i++) {
      for (let channel = 0; channel < 3; channel++) {
        expect(seen.data[channel * plane + i]).toBeCloseTo(data[i * 3 + channel]! / 255, 6);
      }
    }
    expect([...seen.coverage]).toEqual(Array(plane / 16).fill(1));
  });

  it('is black and uncovered beyond the picture', () => {
    const seen = warpPicture(cv, picture, translation(-10, 0), WIDTH, HEIGHT, 4);
    expect(seen.data[0]).toBe(0);
    expect(seen.data[9]).toBe(0);
    expect(seen.data[10]).toBeCloseTo(data[0]! / 255, 6);
    // Ten columns are two cells and a half.
    expect([...seen.coverage.slice(0, 4)]).toEqual([0, 0, 0.5, 1]);
  });

  it('covers nothing where the picture is elsewhere', () => {
    const seen = warpPicture(cv, picture, translation(1000, 1000), WIDTH, HEIGHT, 4);
    expect(seen.coverage.some((share) => share > 0)).toBe(false);
  });
});
