import type { KeyPointVector, Mat } from '@techstark/opencv-js';
import type { GreyImage } from '../photo/pixels.ts';
import { compose, type Homography, isPlausibleView, resizing } from './homography.ts';
import { type OpenCv, type Own, scoped } from './opencv.ts';

/** A reference that shows the very same flat thing as the photo, and how it lies on it. */
export interface PlanarAlignment {
  /** From pixels of the photo to pixels of the reference, both as given. */
  readonly homography: Homography;
  /** Matched features that agree with the homography. */
  readonly inliers: number;
  /** Correlation of photo and aligned reference where they overlap, −1…1. */
  readonly correlation: number;
}

/** Longer side, in pixels, at which features are looked for. */
const WORKING_SIDE = 640;
const FEATURES = 2000;
/** Low: features of a soft, noisy photo are weak. */
const FAST_THRESHOLD = 10;
/** Lowe's ratio of best to second-best distance. */
const RATIO = 0.8;
const RANSAC_PIXELS = 4;
/** Radius of the filter that takes the photo's noise away before features are looked for. */
const DENOISE_SIGMA = 1.2;
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

/**
 * Lays a photo on a reference, if both show the same flat thing: ORB features, matched with a ratio test; a
 * homography by RANSAC; refined to a fraction of a pixel by maximising the enhanced correlation coefficient
 * (Evangelidis and Psarakis 2008). Both images are looked at with a longer side of {@link WORKING_SIDE}.
 *
 * @returns the first of `references` that fits with its number, or null
 */
export function alignPlanar(
  cv: OpenCv,
  photo: GreyImage,
  references: readonly GreyImage[],
): { readonly index: number; readonly alignment: PlanarAlignment } | null {
  return scoped((own) => {
    const seen = own(atWorkingSize(cv, photo));
    cv.GaussianBlur(seen, seen, new cv.Size(0, 0), DENOISE_SIGMA);
    const features = describe(cv, seen, own);
    for (const [index, reference] of references.entries()) {
      const alignment = scoped((own) => {
        const shown = own(atWorkingSize(cv, reference));
        const found = alignOne(cv, seen, features, shown, own);
        if (found === null) return null;
        const toWorking = resizing(seen.cols / photo.width, seen.rows / photo.height);
        const fromWorking = resizing(reference.width / shown.cols, reference.height / shown.rows);
        return { ...found, homography: compose(fromWorking, compose(found.homography, toWorking)) };
      });
      if (alignment !== null) return { index, alignment };
    }
    return null;
  });
}

function alignOne(
  cv: OpenCv,
  photo: Mat,
  features: Features,
  reference: Mat,
  own: Own,
): PlanarAlignment | null {
  const pairs = match(cv, features, describe(cv, reference, own));
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
  const inliers = cv.countNonZero(mask);
  if (inliers < MIN_INLIERS || !isPlausibleView(asHomography(fitted.data64F), photo.cols, photo.rows))
    return null;

  const agreeing = pairs.filter((_, i) => mask.data[i] !== 0).map(([, shown]) => shown);
  return refine(cv, photo, reference, fitted, agreeing, inliers, own);
}

/**
 * Refines around the features that agree: something that stands before the work, or hides a part of the
 * reference, shall neither pull at it nor count against it.
 */
function refine(
  cv: OpenCv,
  photo: Mat,
  reference: Mat,
  fitted: Mat,
  agreeing: readonly Point[],
  inliers: number,
  own: Own,
): PlanarAlignment | null {
  const refined = own(new cv.Mat());
  fitted.convertTo(refined, cv.CV_32F);
  const stop = new cv.TermCriteria(cv.TermCriteria_COUNT + cv.TermCriteria_EPS, ECC_STEPS, ECC_PRECISION);
  const looked = own(maskAround(cv, agreeing, reference.cols, reference.rows));
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
  if (!(correlation >= MIN_CORRELATION) || !isPlausibleView(homography, photo.cols, photo.rows)) return null;
  return { homography, inliers, correlation };
}

/** White around some points, black elsewhere. */
function maskAround(cv: OpenCv, points: readonly Point[], width: number, height: number): Mat {
  const mask = cv.Mat.zeros(height, width, cv.CV_8UC1);
  const white = new cv.Scalar(255);
  for (const [x, y] of points) {
    cv.circle(mask, new cv.Point(Math.round(x), Math.round(y)), NEIGHBOURHOOD, white, cv.FILLED);
  }
  return mask;
}

type Point = readonly [number, number];

interface Features {
  readonly points: KeyPointVector;
  readonly descriptors: Mat;
}

function describe(cv: OpenCv, image: Mat, own: Own): Features {
  const orb = own(new cv.ORB(FEATURES, 1.2, 8, 31, 0, 2, cv.ORB_HARRIS_SCORE, 31, FAST_THRESHOLD));
  const points = own(new cv.KeyPointVector());
  const descriptors = own(new cv.Mat());
  orb.detectAndCompute(image, own(new cv.Mat()), points, descriptors);
  return { points, descriptors };
}

/** Places in the photo and in the reference whose descriptors match unambiguously. */
function match(cv: OpenCv, photo: Features, reference: Features): (readonly [Point, Point])[] {
  if (photo.descriptors.rows < 2 || reference.descriptors.rows < 2) return [];
  return scoped((own) => {
    const matcher = own(new cv.BFMatcher(cv.NORM_HAMMING, false));
    const found = own(new cv.DMatchVectorVector());
    matcher.knnMatch(photo.descriptors, reference.descriptors, found, 2);
    const pairs: (readonly [Point, Point])[] = [];
    for (let i = 0; i < found.size(); i++) {
      const nearest = found.get(i);
      const [best, second] = [nearest.get(0), nearest.get(1)];
      nearest.delete();
      if (best.distance >= RATIO * second.distance) continue;
      const { pt: seen } = photo.points.get(best.queryIdx);
      const { pt: shown } = reference.points.get(best.trainIdx);
      pairs.push([
        [seen.x, seen.y],
        [shown.x, shown.y],
      ]);
    }
    return pairs;
  });
}

/** Shrinks by area, enlarges by cubic interpolation, both about the centres of pixels. */
function atWorkingSize(cv: OpenCv, image: GreyImage): Mat {
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

function asHomography(values: ArrayLike<number>): Homography {
  return Array.from(values, (value) => value / values[8]!) as unknown as Homography;
}
