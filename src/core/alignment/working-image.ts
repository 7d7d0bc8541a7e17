import type { Mat } from '@techstark/opencv-js';
import type { GreyImage } from '../photo/pixels.ts';
import { type OpenCv, scoped } from './opencv.ts';

/** Longer side, in pixels, at which images are compared. */
const WORKING_SIDE = 640;
/** Radius of the filter that takes the photo's noise away before features are looked for. */
const DENOISE_SIGMA = 1.2;

/** A photo at {@link WORKING_SIDE}, without its noise. */
export function denoisedAtWorkingSize(cv: OpenCv, photo: GreyImage): Mat {
  const image = atWorkingSize(cv, photo);
  cv.GaussianBlur(image, image, new cv.Size(0, 0), DENOISE_SIGMA);
  return image;
}

/**
 * At {@link WORKING_SIDE}: shrunk by area, enlarged by cubic interpolation, both about the centres of pixels.
 */
export function atWorkingSize(cv: OpenCv, image: GreyImage): Mat {
  const factor = WORKING_SIDE / Math.max(image.width, image.height);
  const size = new cv.Size(Math.round(image.width * factor), Math.round(image.height * factor));
  return scoped((own) => {
    const whole = own(new cv.Mat(image.height, image.width, cv.CV_8UC1));
    whole.data.set(image.data);
    const resized = new cv.Mat();
    cv.resize(whole, resized, size, 0, 0, factor < 1 ? cv.INTER_AREA : cv.INTER_CUBIC);
    return resized;
  });
}

/** Half the size, an odd row or column counting as a whole one. */
export function halved(cv: OpenCv, image: Mat, interpolation = cv.INTER_AREA): Mat {
  const half = new cv.Mat();
  const size = new cv.Size(Math.ceil(image.cols / 2), Math.ceil(image.rows / 2));
  cv.resize(image, half, size, 0, 0, interpolation);
  return half;
}
