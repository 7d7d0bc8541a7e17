import type { FloatTensor } from '../models/tensor.ts';

/** A part of a tile, in pixels of the photo. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels of the photo around a window that a network sees, too: what tiles overlap by. */
export const SURROUNDINGS = 16;

/** What a network asks of a window. */
export interface WindowRules {
  /** The window's edges are multiples of it. */
  readonly multiple: number;
  /** Its sides are no shorter, where the tile's are not. */
  readonly min: number;
}

/**
 * The smallest window around all that is covered, with `margin` pixels around it as far as the tile has them.
 *
 * @param coverage [1,1,h,w] with something covered; h and w multiples of `multiple`
 */
export function coveredWindow(
  { data, dims }: FloatTensor,
  { multiple, min }: WindowRules,
  margin: number,
): Window {
  const [height, width] = [dims[2]!, dims[3]!];
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0) continue;
    const [x, y] = [i % width, Math.trunc(i / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
  }
  const least = Math.ceil(min / multiple) * multiple;
  const along = (from: number, to: number, length: number) => {
    const end = Math.min(length, Math.ceil((to + margin) / multiple) * multiple);
    const start = Math.max(0, Math.min(Math.floor((from - margin) / multiple) * multiple, end - least));
    return [start, Math.min(length, Math.max(end, start + least)) - start] as const;
  };
  const [[x, wide], [y, high]] = [along(left, right, width), along(top, bottom, height)];
  return { left: x, top: y, width: wide, height: high };
}

/**
 * Cuts a window out of a tensor [1,c,f·h,f·w].
 *
 * @param factor f: its pixels for each of the photo's, in each direction
 */
export function cutWindow(tensor: FloatTensor, window: Window, factor: number): FloatTensor {
  const [channels, width, height] = [tensor.dims[1]!, window.width * factor, window.height * factor];
  const data = new Float32Array(channels * height * width);
  eachLine(tensor.dims, window, factor, (at, line) =>
    data.set(tensor.data.subarray(at, at + width), line * width),
  );
  return { data, dims: [1, channels, height, width] };
}

/** The reverse of {@link cutWindow}: puts what was cut back into the whole [1,c,f·h,f·w]. */
export function placeWindow(part: FloatTensor, window: Window, factor: number, whole: FloatTensor): void {
  const width = window.width * factor;
  eachLine(whole.dims, window, factor, (at, line) =>
    whole.data.set(part.data.subarray(line * width, (line + 1) * width), at),
  );
}

/** Calls `visit` with where each line of the window begins in the whole, and its number, over all channels. */
function eachLine(
  [, channels, height, width]: readonly number[],
  window: Window,
  factor: number,
  visit: (at: number, line: number) => void,
): void {
  const lines = window.height * factor;
  for (let line = 0; line < channels! * lines; line++) {
    const [channel, row] = [Math.trunc(line / lines), (line % lines) + window.top * factor];
    visit((channel * height! + row) * width! + window.left * factor, line);
  }
}
