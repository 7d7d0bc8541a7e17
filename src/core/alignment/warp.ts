import type { Mat } from '@techstark/opencv-js';
import type { RgbImage } from '../photo/pixels.ts';
import type { Homography } from './homography.ts';
import { type OpenCv, scoped } from './opencv.ts';

/** A picture seen through a homography. */
export interface WarpedPicture {
  /** Planar RGB, 3 × width × height, 0…1; black where the picture does not reach. */
  readonly data: Float32Array;
  /** For every cell of `cell` × `cell` pixels the share that the picture covers, 0…1. */
  readonly coverage: Float32Array;
}

/** A picture as {@link warpPicture} wants it: four channels, the last one says that there is something. */
export function holdPicture(cv: OpenCv, picture: RgbImage): Mat {
  return scoped((own) => {
    const rgb = own(new cv.Mat(picture.height, picture.width, cv.CV_8UC3));
    rgb.data.set(picture.data);
    const rgba = new cv.Mat();
    cv.cvtColor(rgb, rgba, cv.COLOR_RGB2RGBA);
    return rgba;
  });
}

/**
 * Samples a picture by cubic interpolation.
 *
 * @param picture from {@link holdPicture}; not much larger than what is asked for, or it aliases
 * @param toPicture from pixels of the result to pixels of the picture
 * @param width of the result in pixels, as `height` a multiple of `cell`
 */
export function warpPicture(
  cv: OpenCv,
  picture: Mat,
  toPicture: Homography,
  width: number,
  height: number,
  cell: number,
): WarpedPicture {
  return scoped((own) => {
    const map = own(cv.matFromArray(3, 3, cv.CV_64F, [...toPicture]));
    const seen = own(new cv.Mat());
    const flags = cv.INTER_CUBIC | cv.WARP_INVERSE_MAP;
    cv.warpPerspective(
      picture,
      seen,
      map,
      new cv.Size(width, height),
      flags,
      cv.BORDER_CONSTANT,
      new cv.Scalar(),
    );
    const plane = width * height;
    const columns = width / cell;
    const data = new Float32Array(3 * plane);
    const coverage = new Float32Array((columns * height) / cell);
    const rgba = seen.data;
    for (let i = 0; i < plane; i++) {
      const reached = rgba[4 * i + 3]! > 127;
      if (!reached) continue;
      for (let channel = 0; channel < 3; channel++) data[channel * plane + i] = rgba[4 * i + channel]! / 255;
      const at = Math.trunc(Math.trunc(i / width) / cell) * columns + Math.trunc((i % width) / cell);
      coverage[at] = coverage[at]! + 1 / (cell * cell);
    }
    return { data, coverage };
  });
}
