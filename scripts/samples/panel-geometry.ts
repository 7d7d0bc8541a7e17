/** A strapwork pattern laid out on a pixel grid: which strap or which tile covers a pixel, and how deep inside. */
import { at } from './image.ts';
import { type HalfStrap, strapsOfCell } from './strapwork.ts';
import type { Point, Tiling } from './tilings.ts';

export interface Layout {
  /** Pixels per unit edge. */
  readonly edge: number;
  /** Turn of the whole pattern, radians. */
  readonly turn: number;
  readonly contact: number;
  /** Half the width of a strap, pixels. */
  readonly halfWidth: number;
}

/** What lies at a pixel. Distances in pixels, Infinity when no strap is near. */
export interface Spot {
  /** Distance to the middle of the nearest strap, among halves that pass over where they start. */
  over: number;
  /** The same among halves that pass under. */
  under: number;
  /** Direction across the nearest strap, unit length, away from its middle. */
  acrossX: number;
  acrossY: number;
  /** Both distances belong to one strap (its elbow), so nothing crosses here. */
  elbow: boolean;
}

/** Straps are filed by square bins of this many pixels; a row of bins has at most ROW. */
const BIN = 24;
const ROW = 4096;

/** Distances are known up to this many pixels from a strap's side. */
const REACH = 30;

/** The straps near any pixel of a width × height panel. */
export class PanelGeometry {
  readonly #bins = new Map<number, HalfStrap[]>();
  readonly #spot: Spot = { over: Infinity, under: Infinity, acrossX: 0, acrossY: 0, elbow: false };

  /** @param margin pixels around the panel up to which straps are laid, so that none ends inside it */
  constructor(tiling: Tiling, layout: Layout, width: number, height: number, margin: number) {
    const cell = strapsOfCell(tiling, layout.contact);
    const cos = Math.cos(layout.turn) * layout.edge;
    const sin = Math.sin(layout.turn) * layout.edge;
    const place = (p: Point, i: number, j: number): Point => {
      const x = p.x + i * tiling.first.x + j * tiling.second.x;
      const y = p.y + i * tiling.first.y + j * tiling.second.y;
      return { x: width / 2 + x * cos - y * sin, y: height / 2 + x * sin + y * cos };
    };
    const outside = (p: Point, by: number) => p.x < -by || p.y < -by || p.x > width + by || p.y > height + by;
    const repeats = Math.ceil(Math.hypot(width, height) / layout.edge);
    for (let i = -repeats; i <= repeats; i++) {
      for (let j = -repeats; j <= repeats; j++) {
        if (outside(place({ x: 0, y: 0 }, i, j), margin + layout.edge * 5)) continue;
        for (const half of cell) {
          const from = place(half.from, i, j);
          const to = place(half.to, i, j);
          if (outside(from, margin) && outside(to, margin)) continue;
          const strap = half.strap + 1000 * ((i + repeats) * (2 * repeats + 1) + j + repeats);
          this.#file({ from, to, over: half.over, strap }, layout.halfWidth + REACH);
        }
      }
    }
  }

  #file(half: HalfStrap, reach: number): void {
    const left = Math.floor((Math.min(half.from.x, half.to.x) - reach) / BIN);
    const right = Math.floor((Math.max(half.from.x, half.to.x) + reach) / BIN);
    const top = Math.floor((Math.min(half.from.y, half.to.y) - reach) / BIN);
    const bottom = Math.floor((Math.max(half.from.y, half.to.y) + reach) / BIN);
    for (let by = top; by <= bottom; by++) {
      for (let bx = left; bx <= right; bx++) {
        const key = by * ROW + bx;
        const bin = this.#bins.get(key);
        if (bin) bin.push(half);
        else this.#bins.set(key, [half]);
      }
    }
  }

  /** Describes a pixel; the returned object is reused by the next call. */
  lookUp(x: number, y: number): Readonly<Spot> {
    const spot = this.#spot;
    spot.over = Infinity;
    spot.under = Infinity;
    spot.acrossX = 0;
    spot.acrossY = 0;
    let overStrap = -1;
    let underStrap = -2;
    for (const half of this.#bins.get(Math.floor(y / BIN) * ROW + Math.floor(x / BIN)) ?? []) {
      const vx = half.to.x - half.from.x;
      const vy = half.to.y - half.from.y;
      const square = vx * vx + vy * vy;
      const raw = ((x - half.from.x) * vx + (y - half.from.y) * vy) / square;
      const t = Math.min(Math.max(raw, 0), 1);
      const ax = x - half.from.x - t * vx;
      const ay = y - half.from.y - t * vy;
      const d = Math.hypot(ax, ay);
      if (d < Math.min(spot.over, spot.under)) {
        spot.acrossX = ax / (d || 1);
        spot.acrossY = ay / (d || 1);
      }
      if (half.over && d < spot.over) {
        spot.over = d;
        overStrap = half.strap;
      } else if (!half.over && d < spot.under) {
        spot.under = d;
        underStrap = half.strap;
      }
    }
    spot.elbow = overStrap === underStrap;
    return spot;
  }
}

/** Tiles between the straps: a number for each pixel (0 on a strap), each tile's area and centroid in pixels. */
export interface Tiles {
  readonly label: Int32Array;
  readonly area: readonly number[];
  readonly centre: readonly (readonly [number, number])[];
  /** The tile is cut by the grid's edge. */
  readonly cut: readonly boolean[];
}

/** Labels the connected regions farther than `halfWidth` from every strap, by flood fill. */
export function labelTiles(nearest: Float32Array, width: number, halfWidth: number): Tiles {
  const label = new Int32Array(nearest.length);
  const area = [0];
  const centre: [number, number][] = [[0, 0]];
  const cut = [true];
  const stack: number[] = [];
  for (let start = 0; start < nearest.length; start++) {
    if (label[start] !== 0 || at(nearest, start) <= halfWidth) continue;
    const number = area.length;
    let count = 0;
    let touches = false;
    let sumX = 0;
    let sumY = 0;
    stack.push(start);
    label[start] = number;
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      count++;
      const x = i % width;
      touches ||= x === 0 || x === width - 1 || i < width || i >= nearest.length - width;
      sumX += x;
      sumY += (i - x) / width;
      for (const next of [x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1, i - width, i + width]) {
        if (next < 0 || next >= nearest.length || label[next] !== 0 || at(nearest, next) <= halfWidth)
          continue;
        label[next] = number;
        stack.push(next);
      }
    }
    area.push(count);
    cut.push(touches);
    centre.push([sumX / count, sumY / count]);
  }
  return { label, area, centre, cut };
}
