import { type ImageFeatures, matchFeatures, type Pair } from './features.ts';
import { asHomography, type Homography, isPlausibleView } from './homography.ts';
import { type OpenCv, scoped } from './opencv.ts';

const RANSAC_PIXELS = 4;
/**
 * Over 95 simulated shots of paintings wrong references reached 9 inliers and right ones 71 or more; the gap
 * leaves room for photos that show a part of the work, or something before it.
 */
const MIN_INLIERS = 20;

/** How a photo lies on a reference by their features alone, both at working size. */
export interface Fit {
  readonly homography: Homography;
  /** Places in the photo and in the reference of the features that agree. */
  readonly agreeing: readonly Pair[];
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
    const places = agreeing.map(([place]) => place);
    return agreeing.length < MIN_INLIERS || !isPlausibleView(homography, places)
      ? null
      : { homography, agreeing };
  });
}
