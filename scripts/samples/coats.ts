/** Animal coats: reaction–diffusion patterns and the colours each species gives them. */
import type { Coat } from './fur.ts';
import { blend, type Image, type Rgb, rgb, scale } from './image.ts';
import { cellular, clamp01, fbm, noise, smoothstep } from './random.ts';
import { type Reaction, reactionDiffusion, sampleSmooth } from './reaction-diffusion.ts';

const SPOTS: Reaction = { feed: 0.034, kill: 0.0635, anisotropy: 0, iterations: 6000 };
const STRIPES: Reaction = { feed: 0.05, kill: 0.063, anisotropy: 0.22, iterations: 4500 };

export type Species =
  | 'cheetah'
  | 'Amur leopard'
  | 'giraffe'
  | 'jaguar'
  | 'leopard'
  | 'okapi'
  | 'snow leopard'
  | 'tiger'
  | 'white tiger'
  | 'zebra';

/** A pattern lookup at a point in pixels: 0 is ground, 1 is the middle of a spot or stripe. */
type Marking = (x: number, y: number) => number;

/** The coat of one animal; equal seeds give equal animals. */
export function coatOf(species: Species, seed: number): Coat {
  switch (species) {
    case 'leopard':
      return rosettes(seed, 8.2, 27, ['#c8913f', '#e2bd78', '#150d08', '#9a6128'], false);
    case 'Amur leopard':
      return rosettes(seed, 10.5, 36, ['#d3ab6c', '#eeddb8', '#1a120d', '#b58549'], false);
    case 'jaguar':
      return rosettes(seed, 12, 25, ['#c78a3c', '#e0b368', '#160d08', '#a3621f'], true);
    case 'snow leopard':
      return rosettes(seed, 9.5, 36, ['#b9b3a8', '#dedad2', '#2b2723', '#958c80'], false);
    case 'cheetah':
      return cheetah(seed);
    case 'tiger':
      return tiger(seed, ['#d98a3a', '#b35f1c', '#f1e4cd', '#17100c']);
    case 'white tiger':
      return tiger(seed, ['#e2dacb', '#c9bba3', '#f3efe8', '#2b2320']);
    case 'zebra':
      return zebra(seed);
    case 'okapi':
      return okapi(seed);
    case 'giraffe':
      return giraffe(seed);
  }
}

/** A slow warp of the plane, so that no pattern keeps the regular spacing of its lattice. */
function warped(x: number, y: number, seed: number, amount: number): [number, number] {
  return [x + amount * fbm(x / 150, y / 150, seed, 3), y + amount * fbm(x / 150 + 9, y / 150, seed + 40, 3)];
}

function marking(pattern: Image, seed: number, pixelsPerCell: number, warp: number): Marking {
  return (x, y) => {
    const [wx, wy] = warped(x, y, seed, warp);
    return sampleSmooth(pattern, wx / pixelsPerCell, wy / pixelsPerCell);
  };
}

/**
 * Leopard and jaguar: a second stage hollows the spots of the first and breaks their rims (Liu, Liaw and
 * Maini 2006, "Two-stage Turing model for generating pigment patterns on the leopard and the jaguar").
 */
function rosettes(
  seed: number,
  cell: number,
  length: number,
  [ground, pale, dark, inner]: readonly [string, string, string, string],
  dotted: boolean,
): Coat {
  const spot = marking(reactionDiffusion(112, 96, seed, SPOTS), seed, cell, 30);
  const small = marking(reactionDiffusion(96, 96, seed + 1000, SPOTS), seed + 3, cell * 0.55, 14);
  const colours = { ground: rgb(ground), pale: rgb(pale), dark: rgb(dark), inner: rgb(inner) };
  return {
    length,
    direction: 1.15,
    sway: 0.8,
    colour: (x, y) => {
      const level = spot(x, y) + 0.06 * noise(x / 9, y / 9, seed + 3);
      // The rim breaks into three to five blotches; between rosettes stand a few solid spots.
      const gap = noise(x / 26, y / 26, seed + 8) + 0.35 * noise(x / 11, y / 11, seed + 9);
      const closed = smoothstep(-0.32, -0.18, gap);
      const rim = smoothstep(0.13, 0.19, level) * smoothstep(0.7, 0.6, level) * closed;
      const speck =
        smoothstep(0.5, 0.6, small(x, y)) * smoothstep(0.1, 0.03, level) * smoothstep(-0.1, 0.05, gap);
      const dot = dotted ? smoothstep(0.84, 0.92, level + 0.16 * noise(x / 24, y / 24, seed + 5)) : 0;
      const open = blend(
        colours.ground,
        colours.pale,
        clamp01(0.4 + 0.7 * fbm(x / 260, y / 260, seed + 9, 2)),
      );
      const filled = blend(open, colours.inner, 0.75 * smoothstep(0.32, 0.6, level));
      return blend(filled, colours.dark, Math.max(rim, dot, speck));
    },
  };
}

function cheetah(seed: number): Coat {
  const spot = marking(reactionDiffusion(110, 110, seed, SPOTS), seed, 6.6, 24);
  const [ground, pale, dark] = [rgb('#cfa262'), rgb('#e6cfa2'), rgb('#1e150f')];
  return {
    length: 26,
    direction: 1.0,
    sway: 0.7,
    colour: (x, y) => {
      const size = 0.1 * fbm(x / 120, y / 120, seed + 2, 2);
      const open = blend(ground, pale, clamp01(0.4 + 0.8 * fbm(x / 230, y / 230, seed + 4, 2)));
      return blend(open, dark, smoothstep(0.4, 0.5, spot(x, y) + size + 0.05 * noise(x / 7, y / 7, seed)));
    },
  };
}

function tiger(seed: number, palette: readonly [string, string, string, string]): Coat {
  const stripe = marking(reactionDiffusion(100, 140, seed, { ...STRIPES, anisotropy: -0.13 }), seed, 8.5, 46);
  const [ground, deep, belly, dark] = [rgb(palette[0]), rgb(palette[1]), rgb(palette[2]), rgb(palette[3])];
  return {
    length: 32,
    direction: 1.3,
    sway: 0.7,
    colour: (x, y) => {
      const level = stripe(x, y) + 0.1 * fbm(x / 60, y / 110, seed + 2, 3);
      const white = smoothstep(0.45, 0.9, 0.5 * fbm(x / 300, y / 260, seed + 6, 3) + 0.0011 * y);
      const open = blend(
        blend(ground, deep, clamp01(0.5 + fbm(x / 170, y / 170, seed + 3, 2))),
        belly,
        white,
      );
      return blend(open, dark, smoothstep(0.56, 0.64, level + 0.04 * noise(x / 6, y / 6, seed)));
    },
  };
}

function zebra(seed: number): Coat {
  const stripe = marking(reactionDiffusion(90, 120, seed, { ...STRIPES, anisotropy: -0.22 }), seed, 11, 60);
  const [white, cream, dark] = [rgb('#efe9df'), rgb('#d8c7ab'), rgb('#16120f')];
  return {
    length: 17,
    direction: 1.25,
    sway: 0.6,
    colour: (x, y) => {
      const open = blend(white, cream, clamp01(0.35 + 0.8 * fbm(x / 200, y / 200, seed + 4, 3)));
      return blend(open, dark, smoothstep(0.44, 0.52, stripe(x, y) + 0.03 * noise(x / 6, y / 6, seed)));
    },
  };
}

function okapi(seed: number): Coat {
  const stripe = marking(reactionDiffusion(120, 80, seed, STRIPES), seed, 9, 40);
  const [brown, red, white] = [rgb('#3a1f14'), rgb('#5f301b'), rgb('#e9dfd0')];
  return {
    length: 19,
    direction: 1.45,
    sway: 0.5,
    colour: (x, y) => {
      const flank = smoothstep(60, 330, y + 110 * fbm(x / 190, y / 160, seed + 3, 2));
      const open = blend(brown, red, clamp01(0.5 + fbm(x / 150, y / 150, seed + 5, 3)));
      const mark = smoothstep(
        0.5,
        0.58,
        stripe(x, y) * (0.35 + 0.7 * flank) + 0.04 * noise(x / 6, y / 6, seed),
      );
      return blend(open, white, mark);
    },
  };
}

/** Giraffe: patches are the cells of growing centres (Walter, Fournier and Menevaux 2001), pale seams between. */
function giraffe(seed: number): Coat {
  const [patch, centre, seam] = [rgb('#a35f2a'), rgb('#6e3715'), rgb('#ecd9b2')];
  return {
    length: 18,
    direction: 1.2,
    sway: 0.6,
    colour: (x, y) => {
      const [wx, wy] = warped(x, y, seed, 22);
      const cell = cellular(wx / 165, wy / 190, seed, 0.78);
      const edge = cell.second - cell.first + 0.035 * noise(x / 13, y / 13, seed + 2);
      const tone = scale(blend(patch, centre, smoothstep(0.15, 0.75, edge)), 0.8 + 0.4 * cell.id);
      const ragged = 0.03 * noise(x / 30, y / 30, seed + 4);
      return blend(seam, tone as Rgb, smoothstep(0.1, 0.145, edge + ragged));
    },
  };
}
