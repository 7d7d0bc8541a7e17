/** Pinned butterflies on a specimen board. */
import { add, at, blend, blur, createImage, halve, type Image, type Rgb, rgb, scale } from './image.ts';
import { fbm, hash, noise, Random, smoothstep } from './random.ts';
import { eyeColour, iridescent, type Specimen, wingColour } from './wing-pattern.ts';
import { locate, WINGS, type WingPoint, type WingShape } from './wing-shape.ts';

/** How a specimen is lit and placed in one picture of it. */
export interface Board {
  readonly colour: string;
  readonly tint: Rgb;
  /** Turn of the insect, radians. */
  readonly turn: number;
  /** Half the wing span as a share of the picture's width. */
  readonly size: number;
}

export const MUSEUM_BOARD: Board = { colour: '#ece6da', tint: [1, 1, 1], turn: 0, size: 0.43 };

/** Wing scales per wing length, along a row and from row to row. */
const SCALES_ALONG = 105;
const SCALES_ROWS = 88;

/**
 * Renders a spread specimen: board, soft shadow, hind wings under fore wings, every wing tiled with scales,
 * hairy body and antennae. Drawn at twice the size and averaged down.
 *
 * @param width, height pixels @returns linear light
 */
export function renderButterfly(width: number, height: number, specimen: Specimen, board: Board): Image {
  const wide = width * 2;
  const high = height * 2;
  const { size, rise } = WINGS[specimen.plan];
  const unit = wide * board.size * size;
  const colour = createImage(wide, high);
  const cover = createImage(wide, high, 1);
  const cos = Math.cos(board.turn);
  const sin = Math.sin(board.turn);
  for (let y = 0, i = 0; y < high; y++) {
    for (let x = 0; x < wide; x++, i++) {
      const px = (x - wide / 2) / unit;
      const py = (high * 0.5 - y) / unit;
      const bx = px * cos - py * sin;
      const by = px * sin + py * cos - rise;
      const wing = wingAt(specimen, bx, by);
      if (!wing) continue;
      cover.data[i] = 1;
      colour.data.set(wing, i * 3);
    }
  }
  drawBody(colour, cover, specimen, unit, wide / 2, high / 2, board.turn);
  return lay(colour, cover, specimen.seed, board);
}

/** Colour of the butterfly's wings at a point in wing lengths, or null beside them. */
function wingAt(specimen: Specimen, x: number, y: number): Rgb | null {
  const side = x < 0 ? 1 : 0;
  const ax = Math.abs(x);
  const wings = WINGS[specimen.plan];
  const fore = locate(wings.fore, ax, y);
  if (fore && fore.inset > 0) return membrane(specimen, 'fore', wings.fore, fore, ax, y, side, 1);
  const hind = locate(wings.hind, ax, y);
  if (!hind || hind.inset <= 0) return null;
  // The fore wing shades the hind wing beneath it.
  const shade = fore ? 0.55 + 0.45 * smoothstep(0, 0.05, -fore.inset) : 1;
  return membrane(specimen, 'hind', wings.hind, hind, ax, y, side, shade);
}

function membrane(
  specimen: Specimen,
  which: 'fore' | 'hind',
  shape: WingShape,
  p: WingPoint,
  x: number,
  y: number,
  side: number,
  shade: number,
): Rgb {
  const seed = specimen.seed + side * 31;
  // Scales lie in rows across the wing like roof tiles, each of one colour.
  const row = Math.floor(p.radius * SCALES_ROWS + 0.35 * noise(x * 30, y * 30, seed));
  const angle = p.turn * 2.4;
  const along =
    angle * Math.max(p.radius, 0.05) * SCALES_ALONG +
    (row % 2) * 0.5 +
    0.25 * noise(row * 0.7, angle * 9, seed);
  const number = Math.floor(along);
  const withinRow = p.radius * SCALES_ROWS - row;
  const withinScale = along - number - 0.5;
  const lot = hash(number, row, seed + (which === 'fore' ? 0 : 977));
  const jitter = (lot - 0.5) * 0.011;
  let colour = wingColour(specimen, which, p, x + jitter, y + jitter * (hash(row, number, seed) - 0.5) * 2);
  for (const eye of specimen.eyes) {
    if (eye.wing !== which) continue;
    const centre = eyeCentre(shape, eye.turn, eye.reach);
    const distance = Math.hypot(x - centre[0], y - centre[1]);
    colour = eyeColour(eye, distance + jitter * 0.7 + 0.006 * noise(x * 24, y * 24, seed), colour);
  }
  const tile =
    0.8 +
    0.26 * smoothstep(0, 0.75, withinRow) -
    0.36 * withinScale * withinScale -
    0.1 * smoothstep(0.8, 1, withinRow);
  const fold = foldLight(p, side);
  const fleck = lot > 0.985 ? 1.16 : lot < 0.02 ? 0.8 : 1;
  const lit = scale(colour, tile * (0.86 + 0.28 * lot) * fleck * fold.light * shade);
  const film = iridescent(lit, specimen.iridescence, fold.slope + 0.35 * fbm(x * 4, y * 4, seed, 2));
  return add(film, [1, 0.98, 0.94], 0.022 * shade * smoothstep(0.2, 0.9, fold.slope) * (0.4 + lot));
}

/** Wings are slightly pleated along the veins and curve down to the margin. */
function foldLight(p: WingPoint, side: number): { light: number; slope: number } {
  const pleat = (side === 0 ? 1 : -1) * p.across * 0.15 * smoothstep(0.05, 0.5, p.reach);
  const ridge = 0.12 * smoothstep(0.012, 0.002, p.vein);
  const slope = Math.sin(p.turn * 3.4 + side * 1.1 + p.reach * 1.3);
  const edge = 0.82 + 0.18 * smoothstep(0, 0.03, p.inset);
  return { light: (1.02 + pleat + ridge + 0.12 * slope) * edge, slope };
}

function eyeCentre(shape: WingShape, turn: number, reach: number): [number, number] {
  const first = shape.outline[0]?.[0] ?? 0;
  const last = shape.outline.at(-1)?.[0] ?? 0;
  const angle = ((first + (last - first) * turn) * Math.PI) / 180;
  const probe = locate(shape, shape.hinge[0] + Math.cos(angle), shape.hinge[1] + Math.sin(angle));
  const radius = probe ? reach / probe.reach : reach;
  return [shape.hinge[0] + Math.cos(angle) * radius, shape.hinge[1] + Math.sin(angle) * radius];
}

/** Body of hairs, antennae with clubs, and the pin, over the wings. */
function drawBody(
  colour: Image,
  cover: Image,
  specimen: Specimen,
  unit: number,
  cx: number,
  cy: number,
  turn: number,
): void {
  const random = new Random(specimen.seed + 5);
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  const base = scale(rgb(specimen.body), 1.6);
  const { rise } = WINGS[specimen.plan];
  const dot = (bx: number, by: number, radius: number, tone: Rgb) => {
    const px = cx + (bx * cos + (by + rise) * sin) * unit;
    const py = cy - (-bx * sin + (by + rise) * cos) * unit;
    const r = radius * unit;
    for (let y = Math.floor(py - r); y <= py + r; y++) {
      for (let x = Math.floor(px - r); x <= px + r; x++) {
        if (x < 0 || y < 0 || x >= colour.width || y >= colour.height || Math.hypot(x - px, y - py) > r)
          continue;
        cover.data[y * colour.width + x] = 1;
        colour.data.set(tone, (y * colour.width + x) * 3);
      }
    }
  };
  for (const side of [-1, 1]) {
    for (let t = 0; t <= 1; t += 0.002) {
      const x = side * (0.015 + 0.3 * t + 0.06 * t * t);
      const y = 0.2 + 0.42 * t - 0.08 * t * t;
      dot(
        x,
        y,
        t > 0.93 ? 0.0085 * Math.sin(((t - 0.93) / 0.075) * Math.PI * 0.8 + 0.6) + 0.0035 : 0.0038,
        scale(base, 0.35 + 0.3 * t),
      );
    }
  }
  for (let i = 0; i < 11000; i++) {
    const t = i / 11000;
    const y = 0.235 - 0.78 * t;
    const half = bodyHalfWidth(t);
    const s = random.range(-1, 1);
    const round = Math.sqrt(1 - s * s);
    const ring = t > 0.42 ? 0.72 + 0.4 * smoothstep(-0.4, 0.9, Math.sin(t * 78)) : 1;
    const lit = 0.3 + 1.5 * Math.max(0, round * 0.75 - s * 0.5);
    const light = ring * lit * (0.55 + 0.9 * random.next());
    const hair = t < 0.42 ? 0.034 : 0.014;
    const [hx, hy] = [s * 0.6 + 0.3 * random.gauss(), -0.8 + 0.3 * random.gauss()];
    for (let k = 0; k < 1; k += 0.125) {
      dot(
        s * half + hx * hair * k,
        y + hy * hair * k,
        0.0021 - 0.0011 * k,
        scale(base, light * (0.6 + 0.5 * k)),
      );
    }
  }
  for (const side of [-1, 1]) dot(side * 0.034, 0.2, 0.0145, [0.012, 0.009, 0.007]);
  dot(0, 0.06, 0.0105, [0.2, 0.19, 0.17]);
  dot(-0.003, 0.063, 0.006, [0.85, 0.84, 0.8]);
}

/** Head, thorax and abdomen along the body, wing lengths. `t` is 0 at the head. */
function bodyHalfWidth(t: number): number {
  if (t < 0.1) return 0.042 * Math.sqrt(t / 0.1) + 0.006;
  if (t < 0.42) return 0.044 + 0.03 * Math.sin(((t - 0.1) / 0.32) * Math.PI);
  return 0.046 * Math.sqrt(Math.max(0, 1 - ((t - 0.42) / 0.58) ** 2.6));
}

/** Lays the insect on its board: paper grain, two shadows (contact and soft), light falling off to the corners. */
function lay(colour: Image, cover: Image, seed: number, board: Board): Image {
  const small = halve(halve(cover));
  const soft = blur(small, small.width * 0.014);
  const near = blur(small, small.width * 0.005);
  const paper = rgb(board.colour);
  const { width, height } = colour;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (at(cover.data, i) === 0) {
        const fibre =
          0.025 * noise(x / 3, y / 3, seed + 1) +
          0.02 * fbm(x / 40, y / 9, seed + 2, 3) +
          0.02 * (hash(x >> 1, y >> 1, seed) - 0.5);
        const shadow =
          0.5 * shifted(soft, x / 4, y / 4, 0.016, 0.022) + 0.32 * shifted(near, x / 4, y / 4, 0.006, 0.008);
        colour.data.set(blend(scale(paper, 1 + fibre), scale(paper, 0.12), shadow), i * 3);
      }
      const fall = 1.04 - 0.2 * Math.hypot(x / width - 0.42, y / height - 0.38) ** 1.6;
      for (let c = 0; c < 3; c++) {
        colour.data[i * 3 + c] = at(colour.data, i * 3 + c) * fall * (board.tint[c] ?? 1);
      }
    }
  }
  return halve(colour);
}

function shifted(mask: Image, x: number, y: number, byX: number, byY: number): number {
  const sx = Math.round(x - byX * mask.width);
  const sy = Math.round(y - byY * mask.width);
  if (sx < 0 || sy < 0 || sx >= mask.width || sy >= mask.height) return 0;
  return at(mask.data, sy * mask.width + sx);
}
