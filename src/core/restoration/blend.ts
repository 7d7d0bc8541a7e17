import { type Samples, sampleMaximum } from '../photo/photo.ts';
import type { TileAxis, TilePlan } from './plan.ts';
import type { Planar } from './tiles.ts';

/**
 * Puts tiles together, top to bottom, in a band of one tile's height, and hands finished rows on as
 * samples: memory stays at one band however large the output is. Tiles cross-fade over the middle half
 * of their overlap; the weights of all tiles add up to one at every pixel.
 */
export class BandBlender {
  readonly #plan: TilePlan;
  readonly #width: number;
  readonly #band: Float32Array;
  readonly #output: Samples;
  /** Output row at which the band starts. */
  #top = 0;

  /** @param output interleaved RGB samples of the whole output, filled row by row */
  constructor(plan: TilePlan, output: Samples) {
    this.#plan = plan;
    this.#width = plan.width * plan.scale;
    this.#band = new Float32Array(this.#width * plan.y.size * plan.scale * 3);
    this.#output = output;
  }

  /** Adds the tile at column `i`, row `j` of the plan; `tile` is at output scale. */
  add(tile: Planar, i: number, j: number): void {
    const { x, y, scale } = this.#plan;
    const left = x.starts[i]! * scale;
    const columns = Math.min(tile.width, this.#width - left);
    const rows = Math.min(tile.height, this.#plan.height * scale - this.#top);
    const weightsX = tileWeights(x, i, scale);
    const weightsY = tileWeights(y, j, scale);
    const plane = tile.width * tile.height;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const weight = weightsX[column]! * weightsY[row]!;
        if (weight === 0) continue;
        const source = row * tile.width + column;
        const target = (row * this.#width + left + column) * 3;
        this.#band[target] = this.#band[target]! + tile.data[source]! * weight;
        this.#band[target + 1] = this.#band[target + 1]! + tile.data[plane + source]! * weight;
        this.#band[target + 2] = this.#band[target + 2]! + tile.data[2 * plane + source]! * weight;
      }
    }
  }

  /** Tells that row `j` of the plan is complete: rows no further tile touches become samples. */
  finishRow(j: number): void {
    const { y, scale, height } = this.#plan;
    const next = j + 1 < y.starts.length ? y.starts[j + 1]! * scale : height * scale;
    const length = (next - this.#top) * this.#width * 3;
    const maximum = sampleMaximum(this.#output);
    const offset = this.#top * this.#width * 3;
    const [band, output] = [this.#band, this.#output];
    for (let i = 0; i < length; i++) {
      // Whole-number arrays cut off what is behind the point: the nearest, in an eighth of the time of `Math.round`.
      output[offset + i] = Math.min(Math.max(band[i]!, 0), 1) * maximum + 0.5;
    }
    this.#band.copyWithin(0, length);
    this.#band.fill(0, this.#band.length - length);
    this.#top = next;
  }
}

/** Weights along one direction of tile `index`, one an output pixel: a ramp over each overlap, else 1. */
export function tileWeights(axis: TileAxis, index: number, scale: number): Float32Array {
  const start = axis.starts[index]!;
  const weights = new Float32Array(axis.size * scale);
  const before = index > 0 ? axis.starts[index - 1]! + axis.size - start : 0;
  const after = index + 1 < axis.starts.length ? start + axis.size - axis.starts[index + 1]! : 0;
  for (let i = 0; i < weights.length; i++) {
    const fromStart = before > 0 ? ramp((i + 0.5) / (before * scale)) : 1;
    const toNext = after > 0 ? ramp((i + 0.5 - (axis.size - after) * scale) / (after * scale)) : 0;
    // A difference, not a product: it adds up to one even where three tiles overlap.
    weights[i] = fromStart - toNext;
  }
  return weights;
}

/** 0 in the first quarter of the overlap, 1 in the last, linear between: borders of tiles never show. */
function ramp(position: number): number {
  return Math.min(Math.max(2 * position - 0.5, 0), 1);
}
