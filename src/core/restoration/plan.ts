import { RasrError } from '../errors.ts';
import type { GeneratorManifest } from '../models/manifest.ts';
import { MAX_OUTPUT_PIXELS } from '../photo/decode.ts';

export const OUTPUT_SCALES = [1, 2, 4] as const;
/** How many times larger than the photo the output is, in each direction. */
export type OutputScale = (typeof OUTPUT_SCALES)[number];

/** Tiles along one direction: equal sizes, each starting at `starts[i]`, in pixels of the photo. */
export interface TileAxis {
  readonly size: number;
  readonly starts: readonly number[];
}

/** How a photo is cut into tiles. */
export interface TilePlan {
  readonly scale: OutputScale;
  readonly width: number;
  readonly height: number;
  readonly x: TileAxis;
  readonly y: TileAxis;
}

/**
 * Plans the tiles of a photo before any work is done.
 *
 * @param file named in the error
 * @throws RasrError `IMAGE_TOO_LARGE` where the output would not fit in memory
 */
export function planTiles(
  file: string,
  width: number,
  height: number,
  scale: OutputScale,
  rules: GeneratorManifest['tiles'],
): TilePlan {
  if (width * height * scale * scale > MAX_OUTPUT_PIXELS) {
    throw new RasrError(
      'IMAGE_TOO_LARGE',
      `${file} at ×${scale} would have ${Math.round((width * height * scale * scale) / 1e6)} megapixels; ` +
        `the limit is ${MAX_OUTPUT_PIXELS / 1e6}.`,
      'Choose a smaller scale, or a smaller photo.',
    );
  }
  return { scale, width, height, x: planAxis(width, rules), y: planAxis(height, rules) };
}

/** Number of tiles in a plan. */
export function countTiles(plan: TilePlan): number {
  return plan.x.starts.length * plan.y.starts.length;
}

/**
 * Covers `length` pixels with the fewest equal tiles of at most `max` that overlap by at least `overlap`. Tiles
 * start on multiples of `multiple`: a network that halves its grid sees a pixel differently by its place in
 * that grid, so only aligned tiles agree where they are blended. The last tile may therefore reach
 * beyond the photo; the missing pixels are repeated.
 */
export function planAxis(
  length: number,
  { multiple, min, max, overlap }: GeneratorManifest['tiles'],
): TileAxis {
  // From here on in units of `multiple`.
  const whole = Math.ceil(length / multiple);
  const shared = Math.ceil(overlap / multiple);
  const smallest = Math.ceil(min / multiple);
  const largest = Math.floor(max / multiple);
  if (whole <= largest) return { size: Math.max(smallest, whole) * multiple, starts: [0] };
  const count = Math.ceil((whole - shared) / (largest - shared));
  const size = Math.min(largest, Math.max(smallest, Math.ceil((whole + (count - 1) * shared) / count)));
  const starts = Array.from(
    { length: count },
    (_, i) => Math.round(((whole - size) * i) / (count - 1)) * multiple,
  );
  return { size: size * multiple, starts };
}
