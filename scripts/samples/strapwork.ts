/** Star patterns: the straps that Hankin's method lays over a tiling. */
import type { Point, Tiling } from './tilings.ts';

/**
 * One straight half of a strap. A strap leaves an edge's midpoint, turns once and arrives at another
 * edge's midpoint; it passes over the strap it meets where it starts, under the one where it ends.
 */
export interface HalfStrap {
  readonly from: Point;
  readonly to: Point;
  readonly over: boolean;
  /** Both halves of a strap share its number. */
  readonly strap: number;
}

interface Ray {
  readonly origin: Point;
  readonly dx: number;
  readonly dy: number;
  readonly edge: number;
}

/**
 * Polygons in contact (Hankin 1925; Kaplan 2005, "Islamic star patterns from polygons in contact"): from the
 * middle of every edge two rays enter the polygon at `contact` radians to the edge; rays are paired, shortest
 * total length first, and cut where they meet. At every midpoint the rays leaning counter-clockwise are
 * continued by their like in the neighbouring polygon, so letting these pass over weaves the whole plane.
 *
 * @returns the straps of one cell of the tiling
 */
export function strapsOfCell(tiling: Tiling, contact: number): HalfStrap[] {
  const halves: HalfStrap[] = [];
  let strap = 0;
  for (const polygon of tiling.polygons) {
    for (const { leaving, arriving, meeting } of pairs(polygon, contact)) {
      halves.push({ from: leaving, to: meeting, over: true, strap });
      halves.push({ from: meeting, to: arriving, over: false, strap });
      strap++;
    }
  }
  return halves;
}

function pairs(
  polygon: readonly Point[],
  contact: number,
): { leaving: Point; arriving: Point; meeting: Point }[] {
  const forward: Ray[] = [];
  const backward: Ray[] = [];
  polygon.forEach((a, edge) => {
    const b = polygon[(edge + 1) % polygon.length] ?? a;
    const origin = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    const along = Math.atan2(b.y - a.y, b.x - a.x);
    const ray = (angle: number) => ({ origin, dx: Math.cos(angle), dy: Math.sin(angle), edge });
    forward.push(ray(along + contact));
    backward.push(ray(along + Math.PI - contact));
  });
  const candidates = forward.flatMap((f) => backward.flatMap((b) => (f.edge === b.edge ? [] : meet(f, b))));
  candidates.sort((a, b) => a.length - b.length);
  const taken = new Set<Ray>();
  return candidates.filter(({ f, b }) => {
    if (taken.has(f) || taken.has(b)) return false;
    taken.add(f).add(b);
    return true;
  });
}

function meet(f: Ray, b: Ray) {
  const cross = f.dx * b.dy - f.dy * b.dx;
  const ox = b.origin.x - f.origin.x;
  const oy = b.origin.y - f.origin.y;
  // Two rays that face each other on one line meet half-way.
  if (Math.abs(cross) < 1e-9) {
    const apart = Math.hypot(ox, oy);
    const facing = Math.abs(ox * f.dx + oy * f.dy - apart) < 1e-6 && f.dx * b.dx + f.dy * b.dy < 0;
    return facing ? [pair(f, b, apart / 2, apart / 2)] : [];
  }
  const s = (ox * b.dy - oy * b.dx) / cross;
  const t = (ox * f.dy - oy * f.dx) / cross;
  return s > 1e-6 && t > 1e-6 ? [pair(f, b, s, t)] : [];
}

function pair(f: Ray, b: Ray, s: number, t: number) {
  const meeting = { x: f.origin.x + f.dx * s, y: f.origin.y + f.dy * s };
  return { f, b, leaving: f.origin, arriving: b.origin, meeting, length: s + t };
}
