import { describe, expect, it } from 'vitest';
import { DRAWN_SIDE, isOnReference, layReference } from '../../../src/renderer/compare/reference-view.ts';

const WINDOW = { width: 240, height: 200 };
const PICTURE = { left: -300, top: -120, width: 1600, height: 1200 };
/** From shares of the photo to shares of the reference: tilted, and smaller than the photo. */
const MAP = [1.29, 0.23, -0.19, -0.17, 1.28, 0.02, 0.17, 0.13, 1];

/** Where CSS puts a point of the reference, in shares of its sides. */
function laid(transform: string, u: number, v: number): [number, number] {
  const m = transform.slice('matrix3d('.length, -1).split(', ').map(Number);
  const [x, y] = [u * DRAWN_SIDE, v * DRAWN_SIDE];
  const w = m[3]! * x + m[7]! * y + m[15]!;
  return [(m[0]! * x + m[4]! * y + m[12]!) / w, (m[1]! * x + m[5]! * y + m[13]!) / w];
}

function mapped(x: number, y: number): [number, number] {
  const w = MAP[6]! * x + MAP[7]! * y + MAP[8]!;
  return [(MAP[0]! * x + MAP[1]! * y + MAP[2]!) / w, (MAP[3]! * x + MAP[4]! * y + MAP[5]!) / w];
}

describe('layReference', () => {
  it('puts what matches the point that is looked at in the middle, and the rest as it lies on the photo', () => {
    const spot = { x: 410, y: 333 };
    const transform = layReference(MAP, PICTURE, spot, WINDOW);
    for (const [right, down] of [
      [0, 0],
      [70, 0],
      [-30, 55],
    ] as const) {
      const share = (at: number, start: number, length: number) => (at - start) / length;
      const [u, v] = mapped(
        share(spot.x + right, PICTURE.left, PICTURE.width),
        share(spot.y + down, PICTURE.top, PICTURE.height),
      );
      const [x, y] = laid(transform, u, v);
      expect(x).toBeCloseTo(WINDOW.width / 2 + right, 3);
      expect(y).toBeCloseTo(WINDOW.height / 2 + down, 3);
    }
  });
});

describe('isOnReference', () => {
  it('tells where the reference reaches', () => {
    expect(isOnReference(MAP, 0.5, 0.5)).toBe(true);
    expect(isOnReference(MAP, 0.01, 0.01)).toBe(false);
    expect(isOnReference(MAP, 1, 1)).toBe(false);
  });
});
