import type { Mat } from '@techstark/opencv-js';
import type { GreyImage } from '../photo/pixels.ts';
import type { Point } from './homography.ts';
import { type OpenCv, type Own, scoped } from './opencv.ts';
import { atWorkingSize, denoisedAtWorkingSize } from './working-image.ts';

const FEATURES = 2000;
const DESCRIPTOR_BYTES = 32;
/** Low: features of a soft, noisy photo are weak. */
const FAST_THRESHOLD = 10;
/** Lowe's ratio of best to second-best distance. */
const RATIO = 0.8;

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

/** A feature's place in the photo and in the reference. */
export type Pair = readonly [Point, Point];

/** ORB features of a reference, at working size. */
export function describeReference(cv: OpenCv, reference: GreyImage): ImageFeatures {
  return scoped((own) => describe(cv, own(atWorkingSize(cv, reference)), own));
}

/** ORB features of a photo, without its noise. */
export function describePhoto(cv: OpenCv, photo: GreyImage): ImageFeatures {
  return scoped((own) => describe(cv, own(denoisedAtWorkingSize(cv, photo)), own));
}

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

/** Places in the photo and in the reference whose descriptors match unambiguously: by Lowe's ratio test. */
export function matchFeatures(cv: OpenCv, photo: ImageFeatures, reference: ImageFeatures, own: Own): Pair[] {
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
  const pairs: Pair[] = [];
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
