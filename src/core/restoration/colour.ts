import { averageDown, type Planar } from './tiles.ts';

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
    addBilinear(output.data.subarray(channel * plane * factor * factor), smooth, width, height, factor);
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

function addBilinear(
  out: Float32Array,
  small: Float32Array,
  width: number,
  height: number,
  factor: number,
): void {
  const outWidth = width * factor;
  for (let y = 0; y < height * factor; y++) {
    const [y0, y1, fy] = between(y, factor, height);
    for (let x = 0; x < outWidth; x++) {
      const [x0, x1, fx] = between(x, factor, width);
      const above = small[y0 * width + x0]! * (1 - fx) + small[y0 * width + x1]! * fx;
      const below = small[y1 * width + x0]! * (1 - fx) + small[y1 * width + x1]! * fx;
      const at = y * outWidth + x;
      out[at] = out[at]! + above * (1 - fy) + below * fy;
    }
  }
}

/** The two small pixels around a large one's centre, and the share of the second. */
function between(position: number, factor: number, length: number): [number, number, number] {
  const centre = Math.min(Math.max((position + 0.5) / factor - 0.5, 0), length - 1);
  const first = Math.floor(centre);
  return [first, Math.min(first + 1, length - 1), centre - first];
}
