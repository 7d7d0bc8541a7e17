import type { FloatTensor } from '../models/tensor.ts';

/**
 * What is left of pictures that were seen with fewer pixels: the averages of `factor` × `factor` samples, enlarged again
 * by bilinear interpolation between their middles.
 *
 * @param images [N,C,H,W], H and W multiples of `factor`
 * @returns a tensor of the same shape
 */
export function soften({ data, dims }: FloatTensor, factor: number): FloatTensor {
  const [height, width] = dims.slice(-2) as [number, number];
  const plane = height * width;
  const across = width / factor;
  const result = new Float32Array(data.length);
  const line = new Float32Array(across);
  const [rows, columns] = [tapsAlong(height, factor), tapsAlong(width, factor)];
  for (let start = 0; start < data.length; start += plane) {
    const small = averages(data.subarray(start, start + plane), width, factor);
    for (let y = 0; y < height; y++) {
      const [upper, lower] = [rows.before[y]! * across, rows.after[y]! * across];
      // Down first: a line has fewer samples before it is widened.
      for (let i = 0; i < across; i++) line[i] = mix(small[upper + i]!, small[lower + i]!, rows.share[y]!);
      const at = start + y * width;
      for (let x = 0; x < width; x++)
        result[at + x] = mix(line[columns.before[x]!]!, line[columns.after[x]!]!, columns.share[x]!);
    }
  }
  return { data: result, dims };
}

function averages(plane: Float32Array, width: number, factor: number): Float32Array {
  const across = width / factor;
  const small = new Float32Array(plane.length / factor ** 2);
  for (let start = 0, y = 0; start < plane.length; start += width, y++) {
    const line = Math.trunc(y / factor) * across;
    for (let i = 0; i < across; i++) {
      let sum = 0;
      for (let x = 0; x < factor; x++) sum += plane[start + i * factor + x]!;
      small[line + i] = small[line + i]! + sum / factor ** 2;
    }
  }
  return small;
}

/** Between which two averages each sample of an axis lies, and how far from the first; beyond the last, it is that. */
interface Taps {
  readonly before: Int32Array;
  readonly after: Int32Array;
  readonly share: Float32Array;
}

function tapsAlong(length: number, factor: number): Taps {
  const last = length / factor - 1;
  const positions = Float32Array.from({ length }, (_, i) =>
    Math.min(last, Math.max(0, (i + 0.5) / factor - 0.5)),
  );
  const before = Int32Array.from(positions, Math.trunc);
  return {
    before,
    after: before.map((i) => Math.min(last, i + 1)),
    share: positions.map((position, i) => position - before[i]!),
  };
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
