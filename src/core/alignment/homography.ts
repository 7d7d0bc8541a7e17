/** A projective map of the plane: nine numbers, row by row, the last one 1. Points are pixel centres. */
export type Homography = readonly [number, number, number, number, number, number, number, number, number];

/** Right and down, in pixels. */
export type Point = readonly [number, number];

/** Nine numbers, row by row, as a homography: the last one is divided out. */
export function asHomography(values: ArrayLike<number>): Homography {
  return Array.from(values, (value) => value / values[8]!) as unknown as Homography;
}

/** Where a point lands. */
export function project(h: Homography, x: number, y: number): Point {
  const w = h[6] * x + h[7] * y + h[8];
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
}

/** The map that applies `first`, then `second`. */
export function compose(second: Homography, first: Homography): Homography {
  const product = Array.from({ length: 9 }, (_, i) => {
    const row = Math.trunc(i / 3) * 3;
    const column = i % 3;
    return (
      second[row]! * first[column]! +
      second[row + 1]! * first[column + 3]! +
      second[row + 2]! * first[column + 6]!
    );
  });
  return asHomography(product);
}

/** The map that applies these one after the other. */
export function chain(...maps: readonly Homography[]): Homography {
  return maps.reduce((first, second) => compose(second, first));
}

/**
 * From pixels of an image to those of the same image resized: centres of pixels map as areas do.
 *
 * @param x factor of the width
 * @param y factor of the height
 */
export function resizing(x: number, y = x): Homography {
  return [x, 0, (x - 1) / 2, 0, y, (y - 1) / 2, 0, 0, 1];
}

/**
 * The same map between shares of the images' sides, 0…1 from edge to edge, instead of between their pixels.
 *
 * @param from width and height of the image that is mapped, in pixels
 * @param to those of the image it is mapped to
 */
export function betweenShares(
  h: Homography,
  from: { readonly width: number; readonly height: number },
  to: { readonly width: number; readonly height: number },
): Homography {
  const toPixels: Homography = [from.width, 0, -0.5, 0, from.height, -0.5, 0, 0, 1];
  const toShares: Homography = [1 / to.width, 0, 0.5 / to.width, 0, 1 / to.height, 0.5 / to.height, 0, 0, 1];
  return compose(toShares, compose(h, toPixels));
}

/** Moves the origin. */
export function translation(x: number, y: number): Homography {
  return [1, 0, x, 0, 1, y, 0, 0, 1];
}

/**
 * Whether a view of a flat thing could look so at some points: none is beyond its horizon, none is mirrored, and
 * around none are areas enlarged more than `limit` times as much as around another. What holds at points holds in
 * their convex hull.
 */
export function isPlausibleView(h: Homography, points: readonly Point[], limit = 4): boolean {
  const areas = points.map(([x, y]) => areaFactor(h, x, y));
  const smallest = Math.min(...areas);
  return smallest > 0 && Math.max(...areas) / smallest <= limit;
}

/** Points that stand for all of an image: {@link isPlausibleView} at them tells whether all of it could be such a view. */
export function viewOfImage(width: number, height: number): Point[] {
  return [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
}

/** By how much the map enlarges areas around a point: the determinant of its derivative; negative where it mirrors. */
export function areaFactor(h: Homography, x: number, y: number): number {
  const w = h[6] * x + h[7] * y + h[8];
  const determinant =
    h[0] * (h[4] * h[8] - h[5] * h[7]) -
    h[1] * (h[3] * h[8] - h[5] * h[6]) +
    h[2] * (h[3] * h[7] - h[4] * h[6]);
  return w > 0 ? determinant / w ** 3 : Number.NEGATIVE_INFINITY;
}
