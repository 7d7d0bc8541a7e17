import type { Mat } from '@techstark/opencv-js';
import type { RgbImage } from '../photo/pixels.ts';
import { type DisplacementField, SURE } from './displacement.ts';
import { compose, type Homography, project, translation } from './homography.ts';
import { type OpenCv, type Own, scoped } from './opencv.ts';

/** How a picture lies on an output. */
export interface Lie {
  /** Sides of the output in pixels. */
  readonly width: number;
  readonly height: number;
  /** From pixels of the output to pixels of the picture. */
  readonly toPicture: Homography;
  /** What is done before that, in shares of the output; null: nothing. */
  readonly displacement: DisplacementField | null;
}

/** A rectangle of the output, in pixels. */
export interface OutputWindow {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A picture as it is seen from the output. */
export interface WarpedPicture {
  /** Planar RGB, 3 × width × height, 0…1; black where the picture does not reach. */
  readonly data: Float32Array;
  /** For every cell of `cell` × `cell` pixels the share that the picture covers, 0…1. */
  readonly coverage: Float32Array;
}

/** A picture that lies on an output, in OpenCV's memory until it is released. */
export interface LaidPicture {
  /** @param cell pixels, divides the window's sides */
  warp(window: OutputWindow, cell: number): WarpedPicture;
  release(): void;
}

/** @param picture not much larger than what it covers of the output, or it aliases: it is sampled by cubic interpolation */
export function layPicture(cv: OpenCv, picture: RgbImage, lie: Lie): LaidPicture {
  // The fourth channel says that there is something.
  const rgba = scoped((own) => {
    const rgb = own(new cv.Mat(picture.height, picture.width, cv.CV_8UC3));
    rgb.data.set(picture.data);
    const result = new cv.Mat();
    cv.cvtColor(rgb, result, cv.COLOR_RGB2RGBA);
    return result;
  });
  const cells = lie.displacement && cellsOf(cv, lie.displacement);
  return {
    warp: (window, cell) =>
      scoped((own) => {
        const seen = own(new cv.Mat());
        if (cells === null) seeFlat(cv, rgba, lie, window, seen, own);
        else seeDisplaced(cv, rgba, lie, cells, window, seen, own);
        return planesOf(seen, cell);
      }),
    release: () => {
      rgba.delete();
      cells?.delete();
    },
  };
}

function seeFlat(cv: OpenCv, rgba: Mat, { toPicture }: Lie, window: OutputWindow, seen: Mat, own: Own): void {
  const fromWindow = compose(toPicture, translation(window.left, window.top));
  const map = own(cv.matFromArray(3, 3, cv.CV_64F, [...fromWindow]));
  const size = new cv.Size(window.width, window.height);
  const flags = cv.INTER_CUBIC | cv.WARP_INVERSE_MAP;
  cv.warpPerspective(rgba, seen, map, size, flags, cv.BORDER_CONSTANT, new cv.Scalar());
}

/** Somewhere beyond every picture. */
const NOWHERE = [-1e4, -1e4];

function seeDisplaced(
  cv: OpenCv,
  rgba: Mat,
  lie: Lie,
  cells: Mat,
  window: OutputWindow,
  seen: Mat,
  own: Own,
): void {
  const field = own(displacementUnder(cv, cells, lie, window));
  const places = own(new cv.Mat(window.height, window.width, cv.CV_32FC2));
  const [moved, place] = [field.data32F, places.data32F];
  for (let i = 0; i < window.width * window.height; i++) {
    const x = window.left + (i % window.width) + moved[3 * i]! * lie.width;
    const y = window.top + Math.trunc(i / window.width) + moved[3 * i + 1]! * lie.height;
    const sure = moved[3 * i + 2]! >= SURE;
    place.set(sure ? project(lie.toPicture, x, y) : NOWHERE, 2 * i);
  }
  const unused = own(new cv.Mat());
  cv.remap(rgba, seen, places, unused, cv.INTER_CUBIC, cv.BORDER_CONSTANT, new cv.Scalar());
}

/** A field as OpenCV interpolates it: right, down and sureness for every cell. */
function cellsOf(cv: OpenCv, { columns, rows, x, y, sureness }: DisplacementField): Mat {
  const cells = new cv.Mat(rows, columns, cv.CV_32FC3);
  cells.data32F.set(
    Float32Array.from({ length: 3 * columns * rows }, (_, i) => [x, y, sureness][i % 3]![Math.trunc(i / 3)]!),
  );
  return cells;
}

/** The field at every pixel of a window. */
function displacementUnder(cv: OpenCv, cells: Mat, { width, height }: Lie, window: OutputWindow): Mat {
  return scoped((own) => {
    const [across, down] = [cells.cols / width, cells.rows / height];
    const toCells = [
      [across, 0, (window.left + 0.5) * across - 0.5],
      [0, down, (window.top + 0.5) * down - 0.5],
    ];
    const result = new cv.Mat();
    const size = new cv.Size(window.width, window.height);
    const map = own(cv.matFromArray(2, 3, cv.CV_64F, toCells.flat()));
    const flags = cv.INTER_LINEAR | cv.WARP_INVERSE_MAP;
    cv.warpAffine(cells, result, map, size, flags, cv.BORDER_REPLICATE, new cv.Scalar());
    return result;
  });
}

function planesOf({ data: rgba, cols: width, rows: height }: Mat, cell: number): WarpedPicture {
  const plane = width * height;
  const columns = width / cell;
  const data = new Float32Array(3 * plane);
  const coverage = new Float32Array((columns * height) / cell);
  const share = 1 / (cell * cell);
  for (let y = 0, i = 0; y < height; y++) {
    const cells = Math.trunc(y / cell) * columns;
    for (let x = 0; x < width; x++, i++) {
      const reached = rgba[4 * i + 3]! > 127;
      if (!reached) continue;
      data[i] = rgba[4 * i]! / 255;
      data[plane + i] = rgba[4 * i + 1]! / 255;
      data[2 * plane + i] = rgba[4 * i + 2]! / 255;
      const at = cells + Math.trunc(x / cell);
      coverage[at] = coverage[at]! + share;
    }
  }
  return { data, coverage };
}
