import { describe, expect, it } from 'vitest';
import type { FloatTensor } from '../../../../src/core/models/tensor.ts';
import { coveredWindow, cutWindow, placeWindow } from '../../../../src/core/restoration/window.ts';

/** Coverage of a tile of 64 × 48 pixels, one where `inside` says so. */
function coverage(inside: (x: number, y: number) => boolean): FloatTensor {
  const data = Float32Array.from({ length: 64 * 48 }, (_, i) =>
    inside(i % 64, Math.trunc(i / 64)) ? 0.5 : 0,
  );
  return { data, dims: [1, 1, 48, 64] };
}

const RULES = { multiple: 8, min: 8 };

describe('coveredWindow', () => {
  it('is around all that is covered, with the margin, on multiples', () => {
    const found = coveredWindow(
      coverage((x, y) => x >= 33 && x < 40 && y >= 20 && y < 22),
      RULES,
      4,
    );
    expect(found).toEqual({ left: 24, top: 16, width: 24, height: 16 });
  });

  it('is no smaller than the network takes, if the tile is not', () => {
    const corner = coverage((x, y) => x === 0 && y === 0);
    expect(coveredWindow(corner, { multiple: 8, min: 30 }, 4)).toEqual({
      left: 0,
      top: 0,
      width: 32,
      height: 32,
    });
    const far = coverage((x, y) => x === 63 && y === 47);
    expect(coveredWindow(far, { multiple: 8, min: 56 }, 4)).toEqual({
      left: 8,
      top: 0,
      width: 56,
      height: 48,
    });
  });

  it('does not reach beyond the tile', () => {
    expect(
      coveredWindow(
        coverage(() => true),
        RULES,
        16,
      ),
    ).toEqual({ left: 0, top: 0, width: 64, height: 48 });
    expect(
      coveredWindow(
        coverage((x, y) => x === 63 && y === 0),
        RULES,
        16,
      ),
    ).toEqual({ left: 40, top: 0, width: 24, height: 24 });
  });
});

describe('cutWindow and placeWindow', () => {
  const window = { left: 2, top: 1, width: 2, height: 1 };
  const whole: FloatTensor = {
    data: Float32Array.from({ length: 2 * 6 * 8 }, (_, i) => i),
    dims: [1, 2, 6, 8],
  };

  it('cut every channel at the factor of the tensor', () => {
    const part = cutWindow(whole, window, 2);
    expect(part.dims).toEqual([1, 2, 2, 4]);
    expect([...part.data]).toEqual([20, 21, 22, 23, 28, 29, 30, 31, 68, 69, 70, 71, 76, 77, 78, 79]);
  });

  it('put it back where it was, and change nothing around', () => {
    const placed = { data: new Float32Array(whole.data.length), dims: whole.dims };
    placeWindow(cutWindow(whole, window, 2), window, 2, placed);
    expect([...placed.data]).toEqual(
      [...whole.data].map((value) => {
        const [x, y] = [value % 8, Math.trunc(value / 8) % 6];
        return x >= 4 && y >= 2 && y < 4 ? value : 0;
      }),
    );
  });
});
