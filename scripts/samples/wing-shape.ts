/** The outline and the veins of a butterfly's wings. */
import { clamp01, mix } from './random.ts';

/**
 * One wing, seen from its hinge: its outline is a radius for every direction. Angles in degrees,
 * 0 along the right, 90 towards the head; radii in wing lengths (1 is half the span).
 */
export interface WingShape {
  readonly hinge: readonly [number, number];
  /** Corners of the outline from the leading to the trailing edge: direction and radius. */
  readonly outline: readonly (readonly [degrees: number, radius: number])[];
  /** Depth of the scallops between veins, as a share of the radius. */
  readonly scallop: number;
}

/** Where a point lies on a wing. */
export interface WingPoint {
  /** 0 at the leading edge, 1 at the trailing edge. */
  readonly turn: number;
  /** 0 at the hinge, 1 at the margin; greater outside. */
  readonly reach: number;
  /** Distance from the hinge, wing lengths. */
  readonly radius: number;
  /** Distance to the margin, wing lengths; negative outside. */
  readonly inset: number;
  /** Distance to the nearest vein, wing lengths. */
  readonly vein: number;
  /** Number of the cell between two veins, and the position across it, -1 to 1. */
  readonly cell: number;
  readonly across: number;
  /** Width of that cell here, wing lengths. */
  readonly cellWidth: number;
}

export type WingPlan = 'birdwing' | 'brushfoot' | 'morpho' | 'swallowtail' | 'white';

/** The wings on the right side of an insect. */
export interface Wings {
  readonly fore: WingShape;
  readonly hind: WingShape;
  /** Size beside other plans, and how far the hinge lies above the middle of the whole, wing lengths. */
  readonly size: number;
  readonly rise: number;
}

/** Wings by the plan of the insect they are after. */
export const WINGS: Record<WingPlan, Wings> = {
  brushfoot: {
    size: 1.02,
    rise: 0.07,
    fore: wing(
      0.06,
      0.006,
      '53 .4, 50 .68, 46 .91, 41 1.07, 36 1.14, 31 1.08, 25 .97, 15 .88, 3 .82, -9 .76, -22 .5',
    ),
    hind: wing(0.02, 0.007, '24 .5, 8 .76, -14 .86, -36 .9, -56 .91, -74 .82, -88 .66, -98 .45'),
  },
  morpho: {
    size: 0.96,
    rise: 0.08,
    fore: wing(
      0.06,
      0.004,
      '53 .42, 50 .7, 46 .94, 41 1.1, 36 1.18, 31 1.13, 25 1.02, 14 .93, 2 .88, -9 .82, -22 .55',
    ),
    hind: wing(0.02, 0.006, '26 .55, 8 .86, -14 .95, -36 .98, -58 .99, -76 .9, -90 .72, -100 .48'),
  },
  swallowtail: {
    size: 0.93,
    rise: 0.16,
    fore: wing(
      0.07,
      0.004,
      '53 .42, 50 .7, 46 .95, 41 1.11, 36 1.19, 31 1.12, 25 1.0, 15 .88, 3 .8, -10 .7, -22 .45',
    ),
    hind: wing(
      0.02,
      0.03,
      '20 .45, 4 .72, -16 .82, -34 .86, -48 .92, -57 .96, -61 1.08, -63 1.24, -67 1.25, -69 1.08, -73 .93, -79 .87, -90 .72, -98 .5',
    ),
  },
  birdwing: {
    size: 0.9,
    rise: -0.02,
    fore: wing(
      0.06,
      0.004,
      '44 .4, 41 .72, 37 1.0, 33 1.18, 29 1.27, 25 1.22, 19 1.05, 11 .86, 0 .69, -13 .56, -26 .4',
    ),
    hind: wing(0.02, 0.01, '12 .4, -6 .62, -24 .72, -44 .76, -62 .78, -78 .74, -90 .64, -100 .44'),
  },
  white: {
    size: 1.03,
    rise: 0.08,
    fore: wing(
      0.05,
      0.002,
      '54 .42, 51 .68, 46 .9, 41 1.02, 36 1.07, 29 1.04, 22 .97, 13 .9, 2 .82, -10 .74, -22 .5',
    ),
    hind: wing(0.02, 0.005, '26 .52, 8 .78, -14 .86, -36 .88, -58 .89, -76 .82, -90 .66, -100 .45'),
  },
};

/** A wing hinged `hinge` above the body's middle, its outline written as `degrees radius, …`. */
function wing(hinge: number, scallop: number, corners: string): WingShape {
  const outline = corners.split(', ').map((corner) => {
    const [degrees = '0', radius = '1'] = corner.split(' ');
    return [Number(degrees), Number(radius)] as const;
  });
  return { hinge: [0.05, hinge], outline, scallop };
}

/**
 * The venation, from the leading to the trailing edge. Each vein leaves another (`from`, a turn) at a reach
 * of `start` and meets the margin at `turn`; the discal cell lies between the third and the seventh and is
 * closed by a cross vein (Comstock and Needham 1898).
 */
const VEINS: readonly { readonly turn: number; readonly from: number; readonly start: number }[] = [
  { turn: 0.0, from: 0.0, start: 0 },
  { turn: 0.12, from: 0.24, start: 0.3 },
  { turn: 0.24, from: 0.24, start: 0 },
  { turn: 0.35, from: 0.24, start: 0.46 },
  { turn: 0.46, from: 0.44, start: 0.485 },
  { turn: 0.57, from: 0.648, start: 0.47 },
  { turn: 0.68, from: 0.62, start: 0 },
  { turn: 0.8, from: 0.634, start: 0.24 },
  { turn: 0.91, from: 0.88, start: 0 },
  { turn: 1.02, from: 1.02, start: 0 },
];
const CELL_FROM = 0.24;
const CELL_TO = 0.65;

/** Locates a point given in wing lengths from the body's middle, y towards the head; null if not near the wing. */
export function locate(shape: WingShape, x: number, y: number): WingPoint | null {
  const dx = x - shape.hinge[0];
  const dy = y - shape.hinge[1];
  const radius = Math.hypot(dx, dy);
  const degrees = (Math.atan2(dy, dx) * 180) / Math.PI;
  const first = shape.outline[0]?.[0] ?? 0;
  const last = shape.outline.at(-1)?.[0] ?? 0;
  const turn = (first - degrees) / (first - last);
  if (turn < -0.15 || turn > 1.15) return null;
  const veins = veinsAt(radius / outlineAt(shape, degrees));
  let cell = 0;
  while (cell < veins.length - 2 && (veins[cell + 1] ?? 2) < turn) cell++;
  const left = veins[cell] ?? 0;
  const right = veins[cell + 1] ?? 1;
  const span = (((first - last) * Math.PI) / 180) * radius;
  const across = clamp01((turn - left) / (right - left)) * 2 - 1;
  const notch = shape.scallop * (1 - across * across);
  const edge = outlineAt(shape, degrees) * (1 - notch) * edgeRound(turn);
  const reach = radius / edge;
  const crossed = turn > CELL_FROM && turn < CELL_TO ? Math.abs(reach - cellEnd(turn)) * edge : 1;
  const vein = Math.min(Math.abs(turn - left) * span, Math.abs(turn - right) * span, crossed);
  return { turn, reach, radius, inset: edge - radius, vein, cell, across, cellWidth: (right - left) * span };
}

/** The outline draws in to the hinge beyond its first and last corner. */
function edgeRound(turn: number): number {
  return Math.sqrt(clamp01(1 - Math.max(0, -turn / 0.06, (turn - 1) / 0.06)));
}

/** Turns of the veins present at a reach, in order. */
function veinsAt(reach: number): number[] {
  const present: number[] = [];
  for (const { turn, from, start } of VEINS) {
    if (reach < start) continue;
    present.push(mix(from, turn, clamp01((reach - start) / (1 - start))));
  }
  return present;
}

/** Reach at which the cross vein closes the discal cell. */
function cellEnd(turn: number): number {
  return (
    0.5 +
    0.03 * Math.cos(((turn - CELL_FROM) / (CELL_TO - CELL_FROM)) * Math.PI * 2) +
    0.02 * Math.sin(turn * 30)
  );
}

/** Catmull–Rom through the outline's corners: radius in a direction. */
function outlineAt(shape: WingShape, degrees: number): number {
  const { outline } = shape;
  let i = 0;
  while (i < outline.length - 2 && (outline[i + 1]?.[0] ?? -999) > degrees) i++;
  const p1 = outline[i] ?? [0, 1];
  const p2 = outline[i + 1] ?? p1;
  const p0 = outline[i - 1] ?? p1;
  const p3 = outline[i + 2] ?? p2;
  const t = clamp01((degrees - p1[0]) / (p2[0] - p1[0]));
  const m1 = ((p2[1] - p0[1]) / (p2[0] - p0[0])) * (p2[0] - p1[0]);
  const m2 = ((p3[1] - p1[1]) / (p3[0] - p1[0])) * (p2[0] - p1[0]);
  const t2 = t * t;
  const t3 = t2 * t;
  return (2 * t3 - 3 * t2 + 1) * p1[1] + (t3 - 2 * t2 + t) * m1 + (3 * t2 - 2 * t3) * p2[1] + (t3 - t2) * m2;
}
