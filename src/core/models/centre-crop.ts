import type { Sharp } from 'sharp';

/**
 * Brings an image's shorter side to `resize` by bicubic interpolation and cuts the central square, as
 * transformers' BitImageProcessor does through Pillow, to one level of 255. libvips reduces in two steps and
 * enlarges with a shift: networks trained on Pillow's pixels would answer differently.
 *
 * @param image a pipeline that gives 8-bit RGB
 * @returns RGB samples [size,size,3], 0…255
 */
export async function cropCentre(image: Sharp, resize: number, size: number): Promise<Uint8Array> {
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const shorter = Math.min(width, height);
  // Rounded down, both the longer side and the square's place.
  const [wide, high] = [width, height].map((side) => Math.trunc((side * resize) / shorter)) as [
    number,
    number,
  ];
  const columns = resample(data, [height, width, 3], wide, centred(wide, size));
  return resample(columns, [1, height, size * 3], high, centred(high, size));
}

/** A stretch of an axis. */
interface Stretch {
  readonly from: number;
  readonly count: number;
}

function centred(length: number, count: number): Stretch {
  return { from: Math.trunc((length - count) / 2), count };
}

/**
 * Bicubic interpolation along the middle axis, widened where it reduces, so that no detail aliases.
 *
 * @param source samples of shape [outer, length, inner]
 * @param target length the whole axis is brought to, of which one stretch is computed
 * @returns samples [outer, stretch.count, inner]
 */
function resample(
  source: Uint8Array,
  [outer, length, inner]: readonly [number, number, number],
  target: number,
  { from, count }: Stretch,
): Uint8Array {
  const taps = Array.from({ length: count }, (_, i) => tapsAt(from + i, length, target));
  const result = new Uint8ClampedArray(outer * count * inner);
  let at = 0;
  for (let line = 0; line < outer; line++) {
    for (const { first, weights } of taps) {
      const start = (line * length + first) * inner;
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (let tap = 0; tap < weights.length; tap++)
          sum += weights[tap]! * source[start + tap * inner + i]!;
        result[at++] = sum;
      }
    }
  }
  return new Uint8Array(result.buffer);
}

/** Which source samples make a target sample, and how much each counts; together 1. */
function tapsAt(position: number, length: number, target: number): { first: number; weights: Float64Array } {
  const scale = Math.max(1, length / target);
  const centre = ((position + 0.5) * length) / target;
  const first = Math.max(0, Math.trunc(centre - 2 * scale + 0.5));
  const last = Math.min(length, Math.trunc(centre + 2 * scale + 0.5));
  const weights = Float64Array.from({ length: last - first }, (_, i) =>
    keys((first + i + 0.5 - centre) / scale),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { first, weights: weights.map((weight) => weight / total) };
}

/** Keys' cubic convolution kernel with a = −0.5. */
function keys(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}
