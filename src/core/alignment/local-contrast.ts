import type { Mat } from '@techstark/opencv-js';
import { type OpenCv, scoped } from './opencv.ts';

/** Other light is no other place: at working size, images are compared by their contrast within squares of this side. */
export const CONTRAST_SIDE = 41;
/** In grey levels: there is no contrast below it. */
const NOISE_LEVEL = Math.sqrt(30);
const GAIN = 40;

/**
 * What an image shows around its local mean, in units of its local deviation, as 8 bits around 128.
 *
 * @param side of the squares, in pixels, that mean and deviation are taken of; odd
 */
export function localContrast(cv: OpenCv, image: Mat, side: number): Mat {
  return scoped((own) => {
    const mean = (of: Mat): Mat => {
      const result = own(new cv.Mat());
      cv.blur(of, result, new cv.Size(side, side));
      return result;
    };
    const values = own(new cv.Mat());
    image.convertTo(values, cv.CV_32F);
    cv.subtract(values, mean(values), values);
    const squares = own(new cv.Mat());
    cv.multiply(values, values, squares);
    const variances = mean(squares);
    const result = new cv.Mat(image.rows, image.cols, cv.CV_8UC1);
    const [around, variance] = [values.data32F, variances.data32F];
    const pixels = new Uint8ClampedArray(around.length);
    for (let i = 0; i < pixels.length; i++) {
      pixels[i] = 128 + (GAIN * around[i]!) / Math.sqrt(variance[i]! + NOISE_LEVEL ** 2);
    }
    result.data.set(pixels);
    return result;
  });
}
