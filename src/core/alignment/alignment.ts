import type { Mat } from '@techstark/opencv-js';
import type { GreyImage } from '../photo/pixels.ts';
import { type DisplacementField, findDisplacement, type Overlaid, stillField } from './displacement.ts';
import type { Pair } from './features.ts';
import {
  chain,
  type Homography,
  isPlausibleView,
  type Point,
  project,
  resizing,
  viewOfImage,
} from './homography.ts';
import { type OpenCv, type Own, scoped } from './opencv.ts';
import type { Fit } from './planar.ts';
import { refinePlane } from './refinement.ts';
import { atWorkingSize, denoisedAtWorkingSize } from './working-image.ts';

/** A reference that shows the very same thing as the photo, and how it lies on it. */
export interface Alignment {
  /** From pixels of the photo to pixels of the reference, both as given. */
  readonly homography: Homography;
  /** What must be done before it; null where the reference lies flat on the whole photo. */
  readonly displacement: DisplacementField | null;
  /** Matched features that agree with the homography. */
  readonly inliers: number;
  /** The middle of those, in pixels of the photo as given. */
  readonly middle: Point;
  /** Correlation of the local contrast of photo and reference, aligned by the homography, around those, −1…1. */
  readonly correlation: number;
}

/** Pixels beyond the features that agree for which they are believed, where what is shown is not flat. */
const BEYOND = 64;

/**
 * Refines a fit and finds out what a homography leaves.
 *
 * @returns null where the two are not alike after all
 */
export function refineFit(cv: OpenCv, photo: GreyImage, reference: GreyImage, fit: Fit): Alignment | null {
  return scoped((own) => {
    const [seen, shown] = [own(denoisedAtWorkingSize(cv, photo)), own(atWorkingSize(cv, reference))];
    const refined = refinePlane(cv, seen, shown, fit, own);
    if (refined === null) return null;
    const { homography, correlation } = refined;
    const toWorking = resizing(seen.cols / photo.width, seen.rows / photo.height);
    const fromWorking = resizing(reference.width / shown.cols, reference.height / shown.rows);
    return {
      homography: chain(toWorking, homography, fromWorking),
      displacement: displacementOf(cv, seen, shown, homography, fit, own),
      inliers: fit.agreeing.length,
      middle: project(resizing(photo.width / seen.cols, photo.height / seen.rows), ...middleOf(fit.agreeing)),
      correlation,
    };
  });
}

/** Null where the homography is all there is to know: of something flat, seen as a whole. */
function displacementOf(
  cv: OpenCv,
  photo: Mat,
  reference: Mat,
  homography: Homography,
  { agreeing }: Fit,
  own: Own,
): DisplacementField | null {
  const overlaid = overlay(cv, photo, reference, homography, own);
  cv.bitwise_and(overlaid.reach, own(hullAround(cv, agreeing, photo)), overlaid.reach);
  const isViewOfAll = isPlausibleView(homography, viewOfImage(photo.cols, photo.rows));
  return findDisplacement(cv, overlaid) ?? (isViewOfAll ? null : stillField(cv, overlaid.reach));
}

/** The reference seen through a homography, beside the photo. */
function overlay(cv: OpenCv, photo: Mat, reference: Mat, homography: Homography, own: Own): Overlaid {
  const map = own(cv.matFromArray(3, 3, cv.CV_64F, [...homography]));
  const see = (image: Mat): Mat => {
    const seen = own(new cv.Mat());
    const flags = cv.INTER_LINEAR | cv.WARP_INVERSE_MAP;
    cv.warpPerspective(image, seen, map, photo.size(), flags, cv.BORDER_CONSTANT, new cv.Scalar());
    return seen;
  };
  const white = own(new cv.Mat(reference.rows, reference.cols, cv.CV_8UC1, new cv.Scalar(255)));
  const reach = see(white);
  cv.threshold(reach, reach, 127, 255, cv.THRESH_BINARY);
  return { photo, reference: see(reference), reach };
}

/** White in the convex hull of the features that agree, and a little beyond, at the photo's working size. */
function hullAround(cv: OpenCv, agreeing: readonly Pair[], photo: Mat): Mat {
  return scoped((own) => {
    const places = agreeing.flatMap(([[x, y]]) => [Math.round(x), Math.round(y)]);
    const hull = own(new cv.Mat());
    cv.convexHull(own(cv.matFromArray(agreeing.length, 1, cv.CV_32SC2, places)), hull);
    const mask = cv.Mat.zeros(photo.rows, photo.cols, cv.CV_8UC1);
    const white = new cv.Scalar(255);
    cv.fillConvexPoly(mask, hull, white);
    const outlines = own(new cv.MatVector());
    outlines.push_back(hull);
    cv.polylines(mask, outlines, true, white, 2 * BEYOND);
    return mask;
  });
}

function middleOf(agreeing: readonly Pair[]): Point {
  const mean = (of: (pair: Pair) => number) =>
    agreeing.reduce((sum, pair) => sum + of(pair), 0) / agreeing.length;
  return [mean(([[x]]) => x), mean(([[, y]]) => y)];
}
