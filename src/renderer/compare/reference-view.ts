import type { Box, Point, Size } from './viewport.ts';

/** Nine numbers, row by row. */
type Matrix = readonly number[];

/** Sides of the square that CSS draws the reference in before it is laid on the photo. */
export const DRAWN_SIDE = 1000;

/**
 * How CSS must transform a reference, drawn as a square of {@link DRAWN_SIDE} CSS pixels, so that it lies as the photo
 * does, at the photo's size on the screen, with the point that is looked at in the middle of a window.
 *
 * @param toReference from shares of the photo's sides to shares of the reference's
 * @param picture where the photo lies in its frame, in CSS pixels
 * @param spot the point of the frame that is looked at
 * @param window size of the window the reference is shown in
 * @returns a value of the property `transform`, for the origin in the upper left corner
 */
export function layReference(toReference: Matrix, picture: Box, spot: Point, window: Size): string {
  const [left, top] = [window.width / 2 + picture.left - spot.x, window.height / 2 + picture.top - spot.y];
  const fromShares = [picture.width, 0, left, 0, picture.height, top, 0, 0, 1];
  const toShares = [1 / DRAWN_SIDE, 0, 0, 0, 1 / DRAWN_SIDE, 0, 0, 0, 1];
  const [a, b, c, d, e, f, g, h, i] = multiply(fromShares, multiply(adjugate(toReference), toShares));
  const columns = [a, d, 0, g, b, e, 0, h, 0, 0, 1, 0, c, f, 0, i];
  // Projective maps are the same times any number: with the last one 1 the others are of a readable size.
  return `matrix3d(${columns.map((value, k) => (k === 10 ? 1 : value! / i!)).join(', ')})`;
}

/** Whether a point of the photo, in shares of its sides, lies on the reference. */
export function isOnReference(toReference: Matrix, x: number, y: number): boolean {
  const [a, b, c, d, e, f, g, h, i] = toReference as number[] & { length: 9 };
  const w = g! * x + h! * y + i!;
  const [u, v] = [(a! * x + b! * y + c!) / w, (d! * x + e! * y + f!) / w];
  return u >= 0 && u <= 1 && v >= 0 && v <= 1;
}

function multiply(second: Matrix, first: Matrix): Matrix {
  return Array.from({ length: 9 }, (_, k) => {
    const [row, column] = [Math.trunc(k / 3) * 3, k % 3];
    return [0, 1, 2].reduce((sum, j) => sum + second[row + j]! * first[3 * j + column]!, 0);
  });
}

/** The inverse times the determinant, which is the inverse to a projective map. */
function adjugate(m: Matrix): Matrix {
  const [a, b, c, d, e, f, g, h, i] = m as number[] & { length: 9 };
  return [
    e! * i! - f! * h!,
    c! * h! - b! * i!,
    b! * f! - c! * e!,
    f! * g! - d! * i!,
    a! * i! - c! * g!,
    c! * d! - a! * f!,
    d! * h! - e! * g!,
    b! * g! - a! * h!,
    a! * e! - b! * d!,
  ];
}
