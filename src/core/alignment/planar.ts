import type { Mat } from '@techstark/opencv-js';
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
const DESCRIPTOR_BYTES = 32;
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

/** What is remembered of an image to find out whether another shows the same: plain memory, to be kept and sent. */
export interface ImageFeatures {
  /** Sides at which the features were looked for. */
  readonly width: number;
  readonly height: number;
  /** Places of the features at that size: x and y in turn. */
  readonly points: Float32Array;
  /** ORB descriptors, {@link DESCRIPTOR_BYTES} each. */
  readonly descriptors: Uint8Array;
}

/** How a photo lies on a reference by their features alone, both at working size. */
export interface Fit {
  readonly homography: Homography;
  /** Places in the reference of the features that agree. */
  readonly agreeing: readonly Point[];
}

/** ORB features of a reference, looked at with a longer side of {@link WORKING_SIDE}. */
export function describeReference(cv: OpenCv, reference: GreyImage): ImageFeatures {
  return scoped((own) => describe(cv, own(atWorkingSize(cv, reference)), own));
}

/** ORB features of a photo, without its noise. */
export function describePhoto(cv: OpenCv, photo: GreyImage): ImageFeatures {
  return scoped((own) => describe(cv, own(denoisedAtWorkingSize(cv, photo)), own));
}

/**
 * Whether photo and reference may show the same flat thing: features matched with a ratio test, a homography by
 * RANSAC.
 *
 * @returns null where too few agree, or no view of a flat thing looks so
 */
export function fitPlane(cv: OpenCv, photo: ImageFeatures, reference: ImageFeatures): Fit | null {
  return scoped((own) => {
    const pairs = match(cv, photo, reference, own);
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
    const agreeing = pairs.filter((_, i) => mask.data[i] !== 0).map(([, shown]) => shown);
    if (agreeing.length < MIN_INLIERS || !isPlausibleView(homography, photo.width, photo.height)) return null;
    return { homography, agreeing };
  });
}

/**
 * Refines a fit to a fraction of a pixel by maximising the enhanced correlation coefficient (Evangelidis and
 * Psarakis 2008).
 *
 * @returns null where the two are not alike after all
 */
export function refineFit(
  cv: OpenCv,
  photo: GreyImage,
  reference: GreyImage,
  fit: Fit,
): PlanarAlignment | null {
  return scoped((own) => {
    const [seen, shown] = [own(denoisedAtWorkingSize(cv, photo)), own(atWorkingSize(cv, reference))];
    const refined = refine(cv, seen, shown, fit, own);
    if (refined === null) return null;
    const toWorking = resizing(seen.cols / photo.width, seen.rows / photo.height);
    const fromWorking = resizing(reference.width / shown.cols, reference.height / shown.rows);
    return { ...refined, homography: compose(fromWorking, compose(refined.homography, toWorking)) };
  });
}

/**
 * Refines around the features that agree: something that stands before the work, or hides a part of the
 * reference, shall neither pull at it nor count against it.
 */
function refine(
  cv: OpenCv,
  photo: Mat,
  reference: Mat,
  { homography: fitted, agreeing }: Fit,
  own: Own,
): PlanarAlignment | null {
  const refined = own(cv.matFromArray(3, 3, cv.CV_32F, [...fitted]));
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
  return { homography, inliers: agreeing.length, correlation };
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

function describe(cv: OpenCv, image: Mat, own: Own): ImageFeatures {
  const orb = own(new cv.ORB(FEATURES, 1.2, 8, 31, 0, 2, cv.ORB_HARRIS_SCORE, 31, FAST_THRESHOLD));
  const found = own(new cv.KeyPointVector());
  const descriptors = own(new cv.Mat());
  orb.detectAndCompute(image, own(new cv.Mat()), found, descriptors);
  const points = new Float32Array(2 * found.size());
  for (let i = 0; i < found.size(); i++) {
    const { pt } = found.get(i);
    points.set([pt.x, pt.y], 2 * i);
  }
  return { width: image.cols, height: image.rows, points, descriptors: descriptors.data.slice() };
}

/** Places in the photo and in the reference whose descriptors match unambiguously. */
function match(
  cv: OpenCv,
  photo: ImageFeatures,
  reference: ImageFeatures,
  own: Own,
): (readonly [Point, Point])[] {
  const [seen, shown] = [photo, reference].map(({ descriptors }) => {
    const rows = descriptors.length / DESCRIPTOR_BYTES;
    const matrix = own(new cv.Mat(rows, DESCRIPTOR_BYTES, cv.CV_8UC1));
    matrix.data.set(descriptors);
    return matrix;
  }) as [Mat, Mat];
  if (seen.rows < 2 || shown.rows < 2) return [];
  const matcher = own(new cv.BFMatcher(cv.NORM_HAMMING, false));
  const found = own(new cv.DMatchVectorVector());
  matcher.knnMatch(seen, shown, found, 2);
  const pairs: (readonly [Point, Point])[] = [];
  for (let i = 0; i < found.size(); i++) {
    const nearest = found.get(i);
    const [best, second] = [nearest.get(0), nearest.get(1)];
    nearest.delete();
    if (best.distance >= RATIO * second.distance) continue;
    pairs.push([pointOf(photo, best.queryIdx), pointOf(reference, best.trainIdx)]);
  }
  return pairs;
}

function pointOf({ points }: ImageFeatures, number: number): Point {
  return [points[2 * number]!, points[2 * number + 1]!];
}

function denoisedAtWorkingSize(cv: OpenCv, photo: GreyImage): Mat {
  const image = atWorkingSize(cv, photo);
  cv.GaussianBlur(image, image, new cv.Size(0, 0), DENOISE_SIGMA);
  return image;
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
