/** Seeded randomness: one generator for draws in sequence, hashed noise for fields over the plane. */

const TAU = Math.PI * 2;

/** A seeded pseudo-random generator (mulberry32). Equal seeds give equal sequences on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Uniform in [low, high). */
  range(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Standard normal, by Box and Muller. */
  gauss(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(TAU * this.next());
  }
}

/** Hash of a lattice point, uniform in [0, 1). */
export function hash(ix: number, iy: number, seed: number): number {
  let h = Math.imul(ix | 0, 0x27d4eb2d) ^ Math.imul(iy | 0, 0x165667b1) ^ Math.imul(seed | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Linear interpolation from a to b. */
export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** x limited to [0, 1]. */
export function clamp01(x: number): number {
  return Math.min(Math.max(x, 0), 1);
}

/** Hermite step from 0 at `low` to 1 at `high`; `low` may be greater than `high`. */
export function smoothstep(low: number, high: number, x: number): number {
  const t = clamp01((x - low) / (high - low));
  return t * t * (3 - 2 * t);
}

/** Value noise over the plane in [-1, 1], one feature per unit, with quintic interpolation. */
export function noise(x: number, y: number, seed: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const fx = x - ix;
  const fy = y - iy;
  const u = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
  const v = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
  const top = mix(hash(ix, iy, seed), hash(ix + 1, iy, seed), u);
  const bottom = mix(hash(ix, iy + 1, seed), hash(ix + 1, iy + 1, seed), u);
  return mix(top, bottom, v) * 2 - 1;
}

/** Fractal sum of {@link noise}: each octave doubles the frequency and halves the amplitude; about [-1, 1]. */
export function fbm(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0;
  let weight = 0;
  let amplitude = 1;
  let scale = 1;
  for (let octave = 0; octave < octaves; octave++) {
    sum += amplitude * noise(x * scale + octave * 17.3, y * scale - octave * 9.1, seed + octave);
    weight += amplitude;
    amplitude *= 0.5;
    scale *= 2;
  }
  return sum / weight;
}

/** The nearest feature points of a cellular texture. Distances are in cells. */
export interface Cell {
  readonly first: number;
  readonly second: number;
  /** Hash of the nearest cell, uniform in [0, 1). */
  readonly id: number;
  readonly centreX: number;
  readonly centreY: number;
}

/**
 * Cellular texture (Worley 1996, "A cellular texture basis function"), one feature point per unit square.
 * `jitter` 0 is a square lattice, 1 is random.
 */
export function cellular(x: number, y: number, seed: number, jitter: number): Cell {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  let first = Infinity;
  let second = Infinity;
  let id = 0;
  let centreX = 0;
  let centreY = 0;
  for (let cy = iy - 1; cy <= iy + 1; cy++) {
    for (let cx = ix - 1; cx <= ix + 1; cx++) {
      const px = cx + 0.5 + jitter * (hash(cx, cy, seed) - 0.5);
      const py = cy + 0.5 + jitter * (hash(cx, cy, seed + 7919) - 0.5);
      const d = (px - x) * (px - x) + (py - y) * (py - y);
      if (d < first) {
        second = first;
        first = d;
        id = hash(cx, cy, seed + 104729);
        centreX = px;
        centreY = py;
      } else if (d < second) {
        second = d;
      }
    }
  }
  return { first: Math.sqrt(first), second: Math.sqrt(second), id, centreX, centreY };
}
