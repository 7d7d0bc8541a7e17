import type { Mat } from '@techstark/opencv-js';
import { type ImageFeatures, matchFeatures, type Pair } from './features.ts';
import { type Homography, isPlausibleView, type Point } from './homography.ts';
import { type OpenCv, type Own, scoped } from './opencv.ts';

const RANSAC_PIXELS = 4;
/**
 * Over 95 simulated shots of paintings wrong references reached 9 inliers and right ones 71 or more; the gap
 * leaves room for photos that show a part of the work, or something before it.
 */
const MIN_INLIERS = 20;
/** Right references correlated at 0.77 or more around the features that agree. */
const MIN_CORRELATION = 0.6;
/** Radius in pixels around a feature that agrees, over which the images are compared. */
const NEIGHBOURHOOD = 32;
const ECC_STEPS = 40;
const ECC_PRECISION = 1e-5;
const ECC_FILTER = 5;

/** How a photo lies on a reference by their features alone, both at working size. */
export interface Fit {
  readonly homography: Homography;
  /** Places in the photo and in the reference of the features that agree. */
  readonly agreeing: readonly Pair[];
}

/** The same, to a fraction of a pixel. */
export interface RefinedPlane {
  readonly homography: Homography;
  /** Of photo and reference around the features that agree, −1…1. */
  readonly correlation: number;
}

/**
 * Whether photo and reference may show the same thing: features matched with a ratio test, a homography by RANSAC. Of
 * a thing that is not flat, it is that of its flattest part.
 *
 * @returns null where too few agree, or no view of a flat thing looks so where they are
 */
export function fitPlane(cv: OpenCv, photo: ImageFeatures, reference: ImageFeatures): Fit | null {
  return scoped((own) => {
    const pairs = matchFeatures(cv, photo, reference, own);
    if (pairs.length < MIN_INLIERS) return null;
    const points = (side: 0 | 1) =>
      own(
        cv.matFromArray(
          pairs.length,
          1,
          cv.CV_32FC2,
          pairs.flatMap((pair) => pair[side]),
        ),
      );
    const mask = own(new cv.Mat());
    const fitted = own(cv.findHomography(points(0), points(1), cv.RANSAC, RANSAC_PIXELS, mask, 5000, 0.999));
    if (fitted.empty()) return null;
    const homography = asHomography(fitted.data64F);
    const agreeing = pairs.filter((_, i) => mask.data[i] !== 0);
    return agreeing.length < MIN_INLIERS || !isPlausibleAt(homography, agreeing)
      ? null
      : { homography, agreeing };
  });
}

/**
 * Refines a fit to a fraction of a pixel by maximising the enhanced correlation coefficient (Evangelidis and
 * Psarakis 2008) around the features that agree: something that stands before the work, or hides a part of the
 * reference, shall neither pull at it nor count against it.
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
  const refined = own(cv.matFromArray(3, 3, cv.CV_32F, [...fitted]));
  const stop = new cv.TermCriteria(cv.TermCriteria_COUNT + cv.TermCriteria_EPS, ECC_STEPS, ECC_PRECISION);
  const looked = own(
    maskAround(
      cv,
      agreeing.map(([, shown]) => shown),
      reference,
    ),
  );
  let correlation: number;
  try {
    correlation = cv.findTransformECC(
      photo,
      reference,
      refined,
      cv.MOTION_HOMOGRAPHY,
      stop,
      looked,
      ECC_FILTER,
    );
  } catch {
    // OpenCV throws where the images turn out not to be correlated at all.
    return null;
  }
  const homography = asHomography(refined.data32F);
  return correlation >= MIN_CORRELATION && isPlausibleAt(homography, agreeing)
    ? { homography, correlation }
    : null;
}

function isPlausibleAt(homography: Homography, agreeing: readonly Pair[]): boolean {
  return isPlausibleView(
    homography,
    agreeing.map(([seen]) => seen),
  );
}

/** White around some points, black elsewhere. */
function maskAround(cv: OpenCv, points: readonly Point[], { rows, cols }: Mat): Mat {
  const mask = cv.Mat.zeros(rows, cols, cv.CV_8UC1);
  const white = new cv.Scalar(255);
  for (const [x, y] of points) {
    cv.circle(mask, new cv.Point(Math.round(x), Math.round(y)), NEIGHBOURHOOD, white, cv.FILLED);
  }
  return mask;
}

function asHomography(values: ArrayLike<number>): Homography {
  return Array.from(values, (value) => value / values[8]!) as unknown as Homography;
}
