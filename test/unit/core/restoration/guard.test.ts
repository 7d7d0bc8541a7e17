import { describe, expect, it } from 'vitest';
import { findFault } from '../../../../src/core/restoration/guard.ts';
import type { Planar } from '../../../../src/core/restoration/tiles.ts';

function planar(width: number, valueAt: (x: number) => number): Planar {
  return { data: Float32Array.from({ length: 3 * width }, (_, i) => valueAt(i % width)), width, height: 1 };
}

const striped = planar(64, (x) => (x % 8 < 4 ? 0.2 : 0.8));

describe('findFault', () => {
  it('lets a picture pass', () => {
    expect(findFault(striped, striped)).toBeNull();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('finds a single %d', (value) => {
    for (const at of [0, 100, 191]) {
      const output = { ...striped, data: striped.data.slice() };
      output.data[at] = value;
      expect(findFault(output, striped)).toBe('not-finite');
    }
  });

  it.each([0, 0.5, 1])('finds a tile that is all %d where the photo shows something', (value) => {
    expect(
      findFault(
        planar(64, () => value),
        striped,
      ),
    ).toBe('flat');
  });

  it('accepts a flat tile of a flat photo: a sky, a wall', () => {
    const wall = planar(64, () => 0.5);
    expect(findFault(wall, wall)).toBeNull();
    expect(
      findFault(
        planar(64, () => 0),
        planar(64, (x) => (x % 2) * 0.01),
      ),
    ).toBeNull();
  });

  it('accepts faint structure', () => {
    expect(
      findFault(
        planar(64, (x) => 0.5 + (x % 2) * 0.01),
        striped,
      ),
    ).toBeNull();
  });
});
