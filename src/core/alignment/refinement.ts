import type { Mat } from '@techstark/opencv-js';
import type { Pair } from './features.ts';
import {
  asHomography,
  chain,
  type Homography,
  isPlausibleView,
  type Point,
  project,
  resizing,
  translation,
} from './homography.ts';
import { CONTRAST_SIDE, localContrast } from './local-contrast.ts';
import { type OpenCv, type Own, scoped } from './opencv.ts';
import type { Fit } from './planar.ts';
import { halved } from './working-image.ts';

/** Right references correlated at 0.82 or more where the work is flat, at 0.67 or more where it is not, but for two. */
const MIN_CORRELATION = 0.6;
/** Radius in pixels around a feature that agrees, over which the images are compared. */
const NEIGHBOURHOOD = 32;
const FILTER = 5;
/** Most of the way is gone at half the size, where a step costs a quarter; more steps at full size gain nothing. */
const ROUGH: Effort = { steps: 40, precision: 1e-4 };
const FINE: Effort = { steps: 2, precision: 1e-5 };

/** A fit to a fraction of a pixel. */
export interface RefinedPlane {
  readonly homography: Homography;
  /** Of the local contrast of photo and reference around the features that agree, −1…1. */
  readonly correlation: number;
}

/**
 * Refines a fit by maximising the enhanced correlation coefficient (Evangelidis and Psarakis 2008) of local contrasts
 * around the features that agree: uneven light, something that stands before the work, or hides a part of the reference,
 * shall neither pull at it nor count against it.
 *
 * @param photo at working size and without its noise, `reference` at working size
 * @returns null where the two are not alike after all
 */
export function refinePlane(
  cv: OpenCv,
  photo: Mat,
  reference: Mat,
  { homography: fitted, agreeing }: Fit,
  own: Own,
): RefinedPlane | null {
  const { left, top, width, height } = frameAround(agreeing, photo);
  const seen = own(localContrast(cv, photo, CONTRAST_SIDE));
  const whole: Compared = {
    photo: own(seen.roi(new cv.Rect(left, top, width, height))),
    reference: own(localContrast(cv, reference, CONTRAST_SIDE)),
    places: agreeing.map(([, shown]) => shown),
    radius: NEIGHBOURHOOD,
  };
  const { half, toHalf, toWhole } = atHalfSize(cv, whole, own);
  try {
    const start = chain(toWhole.photo, translation(left, top), fitted, toHalf.reference);
    const rough = chain(toHalf.photo, maximise(cv, half, start, ROUGH).homography, toWhole.reference);
    const fine = maximise(cv, whole, rough, FINE);
    const homography = chain(translation(-left, -top), fine.homography);
    const places = agreeing.map(([place]) => place);
    return fine.correlation >= MIN_CORRELATION && isPlausibleView(homography, places)
      ? { homography, correlation: fine.correlation }
      : null;
  } catch {
    // OpenCV throws where the images turn out not to be correlated at all.
    return null;
  }
}

/** What is compared: `photo` with what `reference` shows within `radius` of the places. */
interface Compared {
  readonly photo: Mat;
  readonly reference: Mat;
  readonly places: readonly Point[];
  readonly radius: number;
}

/** When to stop looking for a better correlation. */
interface Effort {
  readonly steps: number;
  /** Change of the correlation below which nothing more is to be gained. */
  readonly precision: number;
}

/** The homography from photo to reference that correlates them best, and how well. @throws where nothing correlates */
function maximise(
  cv: OpenCv,
  { photo, reference, places, radius }: Compared,
  start: Homography,
  { steps, precision }: Effort,
): RefinedPlane {
  return scoped((own) => {
    const map = own(cv.matFromArray(3, 3, cv.CV_32F, [...start]));
    const stop = new cv.TermCriteria(cv.TermCriteria_COUNT + cv.TermCriteria_EPS, steps, precision);
    const looked = own(maskAround(cv, places, radius, reference));
    const motion = cv.MOTION_HOMOGRAPHY;
    const correlation = cv.findTransformECC(photo, reference, map, motion, stop, looked, FILTER);
    return { homography: asHomography(map.data32F), correlation };
  });
}

/** The part of the photo that shows the features that agree, with what is looked at around them. */
function frameAround(agreeing: readonly Pair[], { cols, rows }: Mat) {
  const [xs, ys] = [agreeing.map(([[x]]) => x), agreeing.map(([[, y]]) => y)];
  const left = Math.max(0, Math.floor(Math.min(...xs)) - NEIGHBOURHOOD);
  const top = Math.max(0, Math.floor(Math.min(...ys)) - NEIGHBOURHOOD);
  const width = Math.min(cols, Math.ceil(Math.max(...xs)) + NEIGHBOURHOOD) - left;
  const height = Math.min(rows, Math.ceil(Math.max(...ys)) + NEIGHBOURHOOD) - top;
  return { left, top, width, height };
}

/** The same at half the size, and how pixels map from one to the other. */
function atHalfSize(cv: OpenCv, { photo, reference, places, radius }: Compared, own: Own) {
  const halfOf = (image: Mat) => {
    const half = own(halved(cv, image));
    const [x, y] = [half.cols / image.cols, half.rows / image.rows];
    return { half, toHalf: resizing(x, y), toWhole: resizing(1 / x, 1 / y) };
  };
  const [seen, shown] = [halfOf(photo), halfOf(reference)];
  const half: Compared = {
    photo: seen.half,
    reference: shown.half,
    places: places.map((place) => project(shown.toHalf, ...place)),
    radius: radius / 2,
  };
  return {
    half,
    toHalf: { photo: seen.toHalf, reference: shown.toHalf },
    toWhole: { photo: seen.toWhole, reference: shown.toWhole },
  };
}

/** White around some points, black elsewhere. */
function maskAround(cv: OpenCv, points: readonly Point[], radius: number, { rows, cols }: Mat): Mat {
  const mask = cv.Mat.zeros(rows, cols, cv.CV_8UC1);
  const white = new cv.Scalar(255);
  for (const [x, y] of points) {
    cv.circle(mask, new cv.Point(Math.round(x), Math.round(y)), radius, white, cv.FILLED);
  }
  return mask;
}
