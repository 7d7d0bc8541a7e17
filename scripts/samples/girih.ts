/** Girih tile panels: glazed tile mosaic under woven straps. */

import { chip, glazed, sheen } from './glaze.ts';
import { add, blend, type Image, paint, type Rgb, rgb, scale } from './image.ts';
import { type Layout, labelTiles, PanelGeometry, type Spot, type Tiles } from './panel-geometry.ts';
import { fbm, hash, noise, smoothstep } from './random.ts';
import { type TilingName, tiling } from './tilings.ts';

/** The pattern of a panel: all that stays the same however it is lit or photographed. */
export interface Panel extends Layout {
  readonly tiling: TilingName;
  readonly seed: number;
  /** Glazes by tile size, smallest tiles first, as `#rrggbb`. */
  readonly glazes: readonly string[];
  readonly strap: string;
  readonly grout: string;
  /** Colour of the line and rosette painted on large tiles, and the rosette's number of petals. */
  readonly inlay: string;
  readonly petals: number;
}

/** How a panel is lit and coloured in one picture of it. */
export interface Rendition {
  /** Multiplies the colours: the light's tint. */
  readonly tint: Rgb;
  /** Direction of the light over the panel, radians; y grows downwards. */
  readonly light: number;
  /** Strength of reflections on the glaze, 0 to 1. */
  readonly gloss: number;
}

export const STUDIO: Rendition = { tint: [1, 1, 1], light: -2.2, gloss: 0.5 };

/** The picture is the middle of a larger grid, so that every tile in it is whole somewhere. */
const PAD = 150;

/** Regions up to this many pixels are gaps where straps nearly touch, not tiles. */
const SLIVER = 60;

/** Width of the grout line between tile and strap, pixels. */
const GROOVE = 1.5;

/** Renders a panel seen straight on. @param width, height pixels @returns linear light */
export function renderPanel(
  width: number,
  height: number,
  panel: Panel,
  rendition: Rendition = STUDIO,
): Image {
  const wide = width + 2 * PAD;
  const high = height + 2 * PAD;
  const geometry = new PanelGeometry(tiling(panel.tiling), panel, wide, high, 40);
  const nearest = new Float32Array(wide * high);
  for (let y = 0, i = 0; y < high; y++) {
    for (let x = 0; x < wide; x++, i++) {
      const spot = geometry.lookUp(x, y);
      nearest[i] = Math.min(spot.over, spot.under);
    }
  }
  const tiles = labelTiles(nearest, wide, panel.halfWidth);
  const surface = surfaceOf(panel, rendition, geometry, tiles, wide);
  return paint(width, height, (x, y) => surface(x + PAD, y + PAD));
}

/** Equal tiles get equal glazes: tiles are ranked by area, and a step of more than a twelfth starts the next kind. */
function glazeOfTile(tiles: Tiles, glazes: readonly Rgb[]): Rgb[] {
  const areas = tiles.area.filter((area, i) => !tiles.cut[i] && area > SLIVER).sort((a, b) => a - b);
  const firstOfKind = areas.filter((area, i) => i === 0 || area > (areas[i - 1] ?? 0) * 1.08);
  return tiles.area.map((area) => {
    const kind = firstOfKind.filter((first) => first <= area).length - 1;
    return glazes[Math.min(Math.max(kind, 0), glazes.length - 1)] ?? [0.5, 0.5, 0.5];
  });
}

/** Colour of every point of the grid. */
function surfaceOf(
  panel: Panel,
  rendition: Rendition,
  geometry: PanelGeometry,
  tiles: Tiles,
  wide: number,
): (x: number, y: number) => Rgb {
  const { seed, halfWidth } = panel;
  const glazes = glazeOfTile(tiles, panel.glazes.map(rgb));
  const [strap, inlay, grout] = [rgb(panel.strap), rgb(panel.inlay), rgb(panel.grout)];
  const [lightX, lightY] = [Math.cos(rendition.light), Math.sin(rendition.light)];
  return (x, y) => {
    const spot = geometry.lookUp(x, y);
    const wobble = 0.5 * noise(x / 5, y / 5, seed + 1);
    const depth = strapDepth(spot, halfWidth) + wobble * 0.6;
    const label = tiles.label[y * wide + x] ?? 0;
    const towards = spot.acrossX * lightX + spot.acrossY * lightY;
    let clay: Rgb;
    let edge: number;
    let bevel: number;
    let lot = 0.5;
    if (depth > -GROOVE / 2 || label === 0) {
      edge = depth;
      clay = glazed(strap, x, y, lot, seed + 11, 0.35);
      bevel = 0.55 * towards * smoothstep(halfWidth * 0.9, 0.5, edge);
    } else {
      edge = Math.min(spot.over, spot.under) - halfWidth - GROOVE + wobble * 0.7;
      lot = hash(label, 3, seed);
      const painted = ornament(x + wobble, y + wobble, edge, label, panel, tiles);
      clay = glazed(blend(glazes[label] ?? grout, inlay, painted), x, y, lot, seed + label, 1);
      bevel = -0.5 * towards * smoothstep(4.5, 0.5, edge);
    }
    const shine = Math.max(0, bevel) ** 2 * 0.9 + sheen(x / wide, y / wide, lot, rendition.light, seed);
    const lit = add(scale(clay, 1 + bevel * 0.55), [1, 1, 1], rendition.gloss * shine);
    const sand = 0.8 + 0.25 * noise(x / 1.7, y / 1.7, seed + 21) + 0.15 * noise(x / 30, y / 30, 5);
    const worn = 1 - 0.14 * smoothstep(0.1, 0.7, fbm(x / 120, y / 120, seed + 31, 4));
    const pixel = blend(scale(grout, sand), lit, smoothstep(-0.7, 0.7, edge - chip(x, y, seed)));
    const [red, green, blue] = rendition.tint;
    return [pixel[0] * worn * red, pixel[1] * worn * green, pixel[2] * worn * blue];
  };
}

/** How far inside a strap a point lies, pixels, negative outside; at a crossing the lower strap stops at a groove. */
function strapDepth(spot: Readonly<Spot>, halfWidth: number): number {
  const inUpper = halfWidth - spot.over;
  if (spot.elbow || inUpper < -2 * GROOVE) return halfWidth - Math.min(spot.over, spot.under);
  return inUpper < 0 ? Math.min(-inUpper - GROOVE, halfWidth - spot.under) : inUpper;
}

/** How much of the inlay colour lies at a point of a tile: large tiles carry a line along their rim and a rosette. */
function ornament(x: number, y: number, edge: number, label: number, panel: Panel, tiles: Tiles): number {
  const area = tiles.area[label] ?? 0;
  if (area < 0.85 * panel.edge * panel.edge) return 0;
  const [cx, cy] = tiles.centre[label] ?? [0, 0];
  const size = 0.29 * Math.sqrt(area);
  const radius = Math.hypot(x - cx, y - cy);
  const angle = Math.atan2(y - cy, x - cx) - panel.turn;
  const petal = Math.abs(Math.cos((angle * panel.petals) / 2));
  const outer = Math.abs(radius - size * (0.66 + 0.34 * Math.sqrt(petal)));
  const inner = Math.abs(radius - size * (0.2 + 0.36 * petal));
  const lines =
    smoothstep(2.1, 0.9, Math.min(outer, inner)) + smoothstep(size * 0.12 + 0.7, size * 0.12 - 0.7, radius);
  const eyes = smoothstep(
    size * 0.065 + 0.7,
    size * 0.065 - 0.7,
    Math.hypot(radius - size * 0.78, size * 0.78 * 0.5 * Math.acos(petal) * (4 / panel.petals)),
  );
  return 0.9 * Math.min(1, lines + eyes + smoothstep(2, 0.9, Math.abs(edge - 10)));
}
