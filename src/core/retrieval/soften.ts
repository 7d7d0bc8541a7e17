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
  const result = new Float32Array(data.length);
  const [rows, columns] = [tapsAlong(height, factor), tapsAlong(width, factor)];
  for (let start = 0; start < data.length; start += plane) {
    const small = averages(data.subarray(start, start + plane), width, factor);
    for (let y = 0; y < height; y++) {
      const { before, after, share } = rows[y]!;
      const [upper, lower] = [before * (width / factor), after * (width / factor)];
      for (let x = 0; x < width; x++) {
        const column = columns[x]!;
        const above = mix(small[upper + column.before]!, small[upper + column.after]!, column.share);
        const below = mix(small[lower + column.before]!, small[lower + column.after]!, column.share);
        result[start + y * width + x] = mix(above, below, share);
      }
    }
  }
  return { data: result, dims };
}

function averages(plane: Float32Array, width: number, factor: number): Float32Array {
  const small = new Float32Array(plane.length / factor ** 2);
  const columns = width / factor;
  for (let i = 0; i < plane.length; i++) {
    const y = Math.trunc(i / width);
    const x = i - y * width;
    const at = Math.trunc(y / factor) * columns + Math.trunc(x / factor);
    small[at] = small[at]! + plane[i]! / factor ** 2;
  }
  return small;
}

/** Between which two averages each sample of an axis lies, and how far from the first; beyond the last, it is that. */
function tapsAlong(length: number, factor: number): { before: number; after: number; share: number }[] {
  const last = length / factor - 1;
  return Array.from({ length }, (_, i) => {
    const position = Math.min(last, Math.max(0, (i + 0.5) / factor - 0.5));
    const before = Math.trunc(position);
    return { before, after: Math.min(last, before + 1), share: position - before };
  });
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
