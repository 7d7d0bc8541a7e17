import { averageDown, enlargeBilinear, type Planar } from './tiles.ts';

/**
 * Radius in photo pixels of the window over which output and photo must agree. It stays within the
 * tiles' overlap, so that neighbouring tiles are corrected alike where they are blended.
 */
export const COLOUR_RADIUS = 6;

/**
 * Lets low frequencies follow the photo: the difference between the photo and the output averaged down
 * to it is smoothed by a box of {@link COLOUR_RADIUS} applied twice, and added back bilinearly. This is the
 * low-frequency half of StableSR's wavelet colour fix.
 *
 * @param output the generated tile, changed in place; an integer factor larger than `input`
 * @param input the photo's tile
 */
export function followLowFrequencies(output: Planar, input: Planar): void {
  const factor = output.width / input.width;
  const seen = averageDown(output, factor);
  const { width, height } = input;
  const plane = width * height;
  for (let channel = 0; channel < 3; channel++) {
    const difference = new Float32Array(plane);
    for (let i = 0; i < plane; i++) {
      difference[i] = input.data[channel * plane + i]! - seen.data[channel * plane + i]!;
    }
    const smooth = boxBlur(boxBlur(difference, width, height), width, height);
    const correction = enlargeBilinear(smooth, width, height, factor);
    const offset = channel * correction.length;
    for (let i = 0; i < correction.length; i++) {
      output.data[offset + i] = output.data[offset + i]! + correction[i]!;
    }
  }
}

/** Mean over a (2r+1)² window, cut off at the border, by running sums in both directions. */
function boxBlur(values: Float32Array, width: number, height: number): Float32Array {
  const rows = new Float32Array(values.length);
  for (let y = 0; y < height; y++) blurLine(values, rows, y * width, 1, width);
  const out = new Float32Array(values.length);
  for (let x = 0; x < width; x++) blurLine(rows, out, x, width, height);
  return out;
}

function blurLine(from: Float32Array, to: Float32Array, start: number, step: number, length: number): void {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < Math.min(COLOUR_RADIUS, length); i++) {
    sum += from[start + i * step]!;
    count++;
  }
  for (let i = 0; i < length; i++) {
    if (i + COLOUR_RADIUS < length) {
      sum += from[start + (i + COLOUR_RADIUS) * step]!;
      count++;
    }
    if (i > COLOUR_RADIUS) {
      sum -= from[start + (i - COLOUR_RADIUS - 1) * step]!;
      count--;
    }
    to[start + i * step] = sum / count;
  }
}
