import type { FloatTensor } from '../models/tensor.ts';
import { type Photo, type Samples, sampleMaximum, samplesLike } from '../photo/photo.ts';

/**
 * Cuts one tile out of a photo as [1,3,height,width], RGB 0…1. Pixels beyond the photo repeat its edge.
 */
export function cutTile(photo: Photo, left: number, top: number, width: number, height: number): FloatTensor {
  const plane = width * height;
  const data = new Float32Array(3 * plane);
  const toUnit = 1 / sampleMaximum(photo.data);
  for (let y = 0; y < height; y++) {
    const row = Math.min(top + y, photo.height - 1) * photo.width;
    for (let x = 0; x < width; x++) {
      const source = (row + Math.min(left + x, photo.width - 1)) * 3;
      const target = y * width + x;
      data[target] = photo.data[source]! * toUnit;
      data[plane + target] = photo.data[source + 1]! * toUnit;
      data[2 * plane + target] = photo.data[source + 2]! * toUnit;
    }
  }
  return { data, dims: [1, 3, height, width] };
}

/** A picture in memory: planar RGB, 3 × width × height, nominally 0…1. */
export interface Planar {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Averages blocks of `factor` × `factor` pixels; width and height must be multiples of it. */
export function averageDown(image: Planar, factor: number): Planar {
  if (factor === 1) return image;
  const width = image.width / factor;
  const height = image.height / factor;
  const data = new Float32Array(3 * width * height);
  const weight = 1 / (factor * factor);
  for (let channel = 0; channel < 3; channel++) {
    const source = channel * image.width * image.height;
    const target = channel * width * height;
    for (let y = 0; y < image.height; y++) {
      const from = source + y * image.width;
      const to = target + Math.trunc(y / factor) * width;
      for (let x = 0; x < image.width; x++) {
        const at = to + Math.trunc(x / factor);
        data[at] = data[at]! + image.data[from + x]! * weight;
      }
    }
  }
  return { data, width, height };
}

/**
 * Enlarges one channel bilinearly about the centres of pixels; beyond the border the edge repeats.
 *
 * @param small width × height values
 * @param factor integer
 * @returns width × factor × height × factor values
 */
export function enlargeBilinear(
  small: Float32Array,
  width: number,
  height: number,
  factor: number,
): Float32Array {
  const large = new Float32Array(width * factor * height * factor);
  fillBilinear(large, 0, small, width, height, factor);
  return large;
}

/** As {@link enlargeBilinear}, for samples, rounded to the nearest. */
export function enlargeSamples(small: Samples, width: number, height: number, factor: number): Samples {
  const large = samplesLike(small, width * factor * height * factor);
  // Whole-number arrays cut off what is behind the point.
  fillBilinear(large, 0.5, small, width, height, factor);
  return large;
}

function fillBilinear(
  large: Float32Array | Samples,
  offset: number,
  small: Float32Array | Samples,
  width: number,
  height: number,
  factor: number,
): void {
  const across = neighbours(width, factor);
  const down = neighbours(height, factor);
  const line = new Float64Array(width);
  for (let y = 0; y < height * factor; y++) {
    const [above, below, share] = [down.first[y]! * width, down.second[y]! * width, down.share[y]!];
    for (let x = 0; x < width; x++) {
      line[x] = small[above + x]! * (1 - share) + small[below + x]! * share;
    }
    const target = y * width * factor;
    for (let x = 0; x < width * factor; x++) {
      const nearer = across.share[x]!;
      large[target + x] = line[across.first[x]!]! * (1 - nearer) + line[across.second[x]!]! * nearer + offset;
    }
  }
}

/** For each large pixel along one direction, the two small ones around its centre and the share of the second. */
function neighbours(length: number, factor: number) {
  const centres = Float64Array.from({ length: length * factor }, (_, position) =>
    Math.min(Math.max((position + 0.5) / factor - 0.5, 0), length - 1),
  );
  const first = Int32Array.from(centres);
  return {
    first,
    second: first.map((at) => Math.min(at + 1, length - 1)),
    share: centres.map((centre, position) => centre - first[position]!),
  };
}
