/** Periodic tilings of the plane by polygons with unit edges. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One cell of a periodic tiling: its polygons (counter-clockwise) and the two translations that repeat it. */
export interface Tiling {
  readonly polygons: readonly (readonly Point[])[];
  readonly first: Point;
  readonly second: Point;
}

export type TilingName = '4.8.8' | '3.12.12' | '4.6.12' | '3.4.6.4' | 'decagon and bow tie';

const SQRT3 = Math.sqrt(3);

/** A corner at `degrees` on the circle around a regular polygon with unit edges. */
function corner(sides: number, centre: Point, degrees: number): Point {
  const radius = 0.5 / Math.sin(Math.PI / sides);
  const angle = (degrees * Math.PI) / 180;
  return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
}

/** A regular polygon one of whose edges faces the direction `facing`, in degrees. */
function regular(sides: number, x: number, y: number, facing: number): Point[] {
  const start = facing + 180 / sides;
  return Array.from({ length: sides }, (_, i) => corner(sides, { x, y }, start + (360 * i) / sides));
}

/** The uniform tilings are named by the polygons around a vertex (Grünbaum and Shephard 1987). */
export function tiling(name: TilingName): Tiling {
  switch (name) {
    case '4.8.8': {
      const d = 1 + Math.SQRT2;
      return {
        polygons: [regular(8, 0, 0, 0), regular(4, d / 2, d / 2, 45)],
        first: { x: d, y: 0 },
        second: { x: 0, y: d },
      };
    }
    case '3.12.12': {
      const d = 2 + SQRT3;
      return triangular(d, [regular(12, 0, 0, 0), ...triangles(d)]);
    }
    case '4.6.12': {
      const d = 3 + SQRT3;
      const hexagons = [regular(6, d / 2, d / (2 * SQRT3), 30), regular(6, d, d / SQRT3, 30)];
      return triangular(d, [regular(12, 0, 0, 0), ...squares(d), ...hexagons]);
    }
    case '3.4.6.4': {
      const d = 1 + SQRT3;
      const hexagon = regular(6, 0, 0, 0);
      return triangular(d, [hexagon, ...squares(d), ...triangles(d, 180)]);
    }
    case 'decagon and bow tie':
      return decagonAndBowTie();
  }
}

function triangular(d: number, polygons: Point[][]): Tiling {
  return { polygons, first: { x: d, y: 0 }, second: { x: d / 2, y: (d * SQRT3) / 2 } };
}

function triangles(d: number, turn = 0): Point[][] {
  return [regular(3, d / 2, d / (2 * SQRT3), 90 + turn), regular(3, d, d / SQRT3, 270 + turn)];
}

function squares(d: number): Point[][] {
  return [
    regular(4, d / 2, 0, 0),
    regular(4, d / 4, (d * SQRT3) / 4, 60),
    regular(4, (3 * d) / 4, (d * SQRT3) / 4, 120),
  ];
}

/** Two of the five girih tiles (Lu and Steinhardt 2007): decagons on a rhombic lattice, bow ties between them. */
function decagonAndBowTie(): Tiling {
  const d = 1 / Math.tan(Math.PI / 10);
  const first = { x: d, y: 0 };
  const second = { x: d * Math.cos((72 * Math.PI) / 180), y: d * Math.sin((72 * Math.PI) / 180) };
  const both = { x: first.x + second.x, y: second.y };
  const bowTie = [
    corner(10, { x: 0, y: 0 }, 18),
    corner(10, first, 126),
    corner(10, first, 90),
    corner(10, both, 198),
    corner(10, second, 306),
    corner(10, { x: 0, y: 0 }, 54),
  ];
  return { polygons: [regular(10, 0, 0, 0), bowTie], first, second };
}
