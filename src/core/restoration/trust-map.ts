import sharp from 'sharp';
import type { FloatTensor } from '../models/tensor.ts';
import { tileWeights } from './blend.ts';
import type { TilePlan } from './plan.ts';

/** Longer side of the picture that goes into the record: enough to see where the reference was used. */
const RECORDED_SIDE = 128;

/** Where an output came from the aligned reference: one value 0…1 for each of the photo's pixels. */
export class TrustMap {
  readonly #plan: TilePlan;
  readonly #values: Float32Array;

  constructor(plan: TilePlan) {
    this.#plan = plan;
    this.#values = new Float32Array(plan.width * plan.height);
  }

  /** Adds the trust [1,1,h,w] of the tile at column `i`, row `j` of the plan, weighted as the tile itself is. */
  add(trust: FloatTensor, i: number, j: number): void {
    const { x, y, width, height } = this.#plan;
    const [left, top] = [x.starts[i]!, y.starts[j]!];
    const [weightsX, weightsY] = [tileWeights(x, i, 1), tileWeights(y, j, 1)];
    const columns = Math.min(x.size, width - left);
    for (let row = 0; row < Math.min(y.size, height - top); row++) {
      const target = (top + row) * width + left;
      for (let column = 0; column < columns; column++) {
        const weight = weightsX[column]! * weightsY[row]!;
        this.#values[target + column] =
          this.#values[target + column]! + weight * trust.data[row * x.size + column]!;
      }
    }
  }

  /** Share of the output that came from the reference, 0…1. */
  share(): number {
    return this.#values.reduce((sum, value) => sum + value, 0) / this.#values.length;
  }

  /** A small grey PNG, white where the output came from the reference. */
  async toPng(): Promise<Buffer> {
    const grey = Uint8Array.from(this.#values, (value) => Math.round(Math.min(value, 1) * 255));
    return sharp(grey, { raw: { width: this.#plan.width, height: this.#plan.height, channels: 1 } })
      .resize(RECORDED_SIDE, RECORDED_SIDE, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('b-w')
      .png({ compressionLevel: 9 })
      .toBuffer();
  }
}
