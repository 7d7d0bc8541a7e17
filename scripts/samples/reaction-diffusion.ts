/** Pattern formation by reaction and diffusion. */
import { at, createImage, type Image } from './image.ts';
import { Random } from './random.ts';

/** Parameters of the Gray–Scott system. */
export interface Reaction {
  /** Feed rate F. */
  readonly feed: number;
  /** Kill rate k. */
  readonly kill: number;
  /** How much faster the activator diffuses along x (positive) or y (negative), in (-1, 1); 0 is isotropic. */
  readonly anisotropy: number;
  readonly iterations: number;
}

/**
 * Runs the Gray–Scott reaction (Pearson 1993, "Complex patterns in a simple system"; the idea is Turing's,
 * 1952, "The chemical basis of morphogenesis") on a torus from seeded spots until the pattern fills it.
 * Anisotropic diffusion of one substance alone aligns stripes (after Witkin and Kass 1991,
 * "Reaction–diffusion textures"); of both it would only stretch the pattern.
 *
 * @returns one channel, width × height, the activator's concentration stretched to [0, 1].
 */
export function reactionDiffusion(width: number, height: number, seed: number, reaction: Reaction): Image {
  const random = new Random(seed);
  const size = width * height;
  let u = new Float32Array(size).fill(1);
  let v = new Float32Array(size);
  for (let i = 0; i < size / 30; i++) {
    const cell = Math.floor(random.next() * size);
    for (const offset of [0, 1, width, width + 1]) {
      u[(cell + offset) % size] = 0.5;
      v[(cell + offset) % size] = 0.25 + 0.2 * random.next();
    }
  }
  let nextU = new Float32Array(size);
  let nextV = new Float32Array(size);
  const alongX = 0.25 * (1 + reaction.anisotropy);
  const alongY = 0.25 * (1 - reaction.anisotropy);
  for (let iteration = 0; iteration < reaction.iterations; iteration++) {
    for (let y = 0, i = 0; y < height; y++) {
      const up = ((y + height - 1) % height) * width;
      const down = ((y + 1) % height) * width;
      for (let x = 0; x < width; x++, i++) {
        const left = y * width + (x === 0 ? width - 1 : x - 1);
        const right = y * width + (x === width - 1 ? 0 : x + 1);
        const ui = at(u, i);
        const vi = at(v, i);
        const spreadU = 0.25 * (at(u, left) + at(u, right) + at(u, up + x) + at(u, down + x)) - ui;
        const spreadV =
          alongX * (at(v, left) + at(v, right)) + alongY * (at(v, up + x) + at(v, down + x)) - vi;
        const react = ui * vi * vi;
        nextU[i] = ui + 0.8 * spreadU - react + reaction.feed * (1 - ui);
        nextV[i] = vi + 0.4 * spreadV + react - (reaction.feed + reaction.kill) * vi;
      }
    }
    [u, nextU] = [nextU, u];
    [v, nextV] = [nextV, v];
  }
  const pattern = createImage(width, height, 1);
  const top = v.reduce((a, b) => Math.max(a, b), 0);
  const low = v.reduce((a, b) => Math.min(a, b), top);
  v.forEach((value, i) => {
    pattern.data[i] = (value - low) / (top - low || 1);
  });
  return pattern;
}

/** Samples a pattern on its torus with a cubic B-spline, so that enlarged contours stay round. */
export function sampleSmooth(pattern: Image, x: number, y: number): number {
  const { width, height, data } = pattern;
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  let sum = 0;
  for (let dy = -1; dy <= 2; dy++) {
    const row = ((((iy + dy) % height) + height) % height) * width;
    const wy = spline(y - iy - dy);
    for (let dx = -1; dx <= 2; dx++) {
      const column = (((ix + dx) % width) + width) % width;
      sum += wy * spline(x - ix - dx) * at(data, row + column);
    }
  }
  return sum;
}

function spline(t: number): number {
  const a = Math.abs(t);
  if (a < 1) return 2 / 3 - a * a * (1 - a / 2);
  return a < 2 ? (2 - a) ** 3 / 6 : 0;
}
