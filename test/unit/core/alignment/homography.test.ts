import { describe, expect, it } from 'vitest';
import {
  areaFactor,
  betweenShares,
  compose,
  type Homography,
  isPlausibleView,
  project,
  resizing,
  translation,
  viewOfImage,
} from '../../../../src/core/alignment/homography.ts';

const tilt: Homography = [0.9, 0.1, 12, -0.05, 1.1, -7, 2e-4, -1e-4, 1];

describe('compose', () => {
  it('applies the second after the first', () => {
    const both = compose(tilt, translation(5, -3));
    const [x, y] = project(both, 40, 60);
    const [u, v] = project(tilt, 45, 57);
    expect(x).toBeCloseTo(u, 9);
    expect(y).toBeCloseTo(v, 9);
  });
});

describe('betweenShares', () => {
  it('is the same map, told in shares of the sides', () => {
    const shares = betweenShares(tilt, { width: 200, height: 100 }, { width: 400, height: 300 });
    const [u, v] = project(tilt, 49.5, 24.5);
    const [x, y] = project(shares, 0.25, 0.25);
    expect(x).toBeCloseTo((u + 0.5) / 400, 9);
    expect(y).toBeCloseTo((v + 0.5) / 300, 9);
  });
});

describe('resizing', () => {
  it('keeps the corners of the area: half a pixel outside of the outermost centres', () => {
    // 10 pixels to 40: the left edge −0.5 stays, the right edge 9.5 becomes 39.5.
    expect(project(resizing(4), -0.5, -0.5)).toEqual([-0.5, -0.5]);
    expect(project(resizing(4), 9.5, 9.5)).toEqual([39.5, 39.5]);
  });
});

describe('areaFactor', () => {
  it('is the enlargement of small areas', () => {
    expect(areaFactor(resizing(2, 3), 10, 10)).toBeCloseTo(6, 9);
    const [x, y] = project(tilt, 30, 20);
    const [right] = [project(tilt, 30.001, 20)];
    const [below] = [project(tilt, 30, 20.001)];
    const area = (right[0] - x) * (below[1] - y) - (right[1] - y) * (below[0] - x);
    expect(areaFactor(tilt, 30, 20)).toBeCloseTo(area * 1e6, 3);
  });
});

describe('isPlausibleView', () => {
  it.each<[string, Homography, boolean]>([
    ['a slight tilt', tilt, true],
    ['a mirror image', [-1, 0, 100, 0, 1, 0, 0, 0, 1], false],
    ['a line', [1, 1, 0, 1, 1, 0, 0, 0, 1], false],
    ['a horizon across the picture', [1, 0, 0, 0, 1, 0, -0.02, 0, 1], false],
    ['a fold', [1, 0, 0, 0, 1, 0, 0.02, 0, 1], false],
  ])('judges %s', (_name, homography, plausible) => {
    expect(isPlausibleView(homography, viewOfImage(100, 80))).toBe(plausible);
  });
});
