import type { Mat } from '@techstark/opencv-js';
import { CONTRAST_SIDE, localContrast } from './local-contrast.ts';
import { type OpenCv, type Own, scoped } from './opencv.ts';
import { halved } from './working-image.ts';

/**
 * By how much places of a photo must be moved before a homography takes them to the reference: what things that are
 * not flat, or not rigid, need beside it. Cells divide the photo's sides evenly, row by row.
 */
export interface DisplacementField {
  readonly columns: number;
  readonly rows: number;
  /** To the right, in shares of the photo's width. */
  readonly x: Float32Array;
  /** Down, in shares of its height. */
  readonly y: Float32Array;
  /** 0…1: how surely the two show the same there; under {@link SURE} the reference is of no use. */
  readonly sureness: Float32Array;
}

export const SURE = 0.5;

/** Photo and reference as they are compared: the latter seen through the homography. */
export interface Overlaid {
  readonly photo: Mat;
  readonly reference: Mat;
  /** White where the two may show the same. */
  readonly reach: Mat;
}

/**
 * Of what is flat, displacements are noise that only costs. A quick look at half the size tells: in the median 62 shots
 * of paintings had at most 0.76 of these pixels, 53 of 55 views of things that are not flat 0.91 or more.
 */
const FLAT_PIXELS = 0.75;
/** Pixels of the compared images to a side of a cell. */
const CELL = 4;
const REFERENCE_SIGMA = 1;
const HALF_CONTRAST_SIDE = 21;
const WINDOW = 25;
const POLYNOMIAL = { size: 5, sigma: 1.1 } as const;
/** How thoroughly is looked: sizes, each half of the one before, and steps at each. */
const QUICK: Effort = { levels: 2, steps: 1 };
const THOROUGH: Effort = { levels: 3, steps: 3 };
/** There and back must lead this near to where it began. */
const RETURN_PIXELS = 1.5;
const SURENESS_SIGMA = 2;

/**
 * Dense optical flow (Farnebäck 2003) from photo to reference, taken for sure where the flow back agrees.
 *
 * @returns null where what they show is flat
 */
export function findDisplacement(cv: OpenCv, seen: Overlaid): DisplacementField | null {
  if (isFlat(cv, seen)) return null;
  return scoped((own) => {
    const photo = own(localContrast(cv, seen.photo, CONTRAST_SIDE));
    const reference = own(
      localContrast(cv, own(blurred(cv, seen.reference, REFERENCE_SIGMA)), CONTRAST_SIDE),
    );
    const there = own(flow(cv, photo, reference, THOROUGH));
    return fieldOf(cv, there, own(flow(cv, reference, photo, THOROUGH)), seen.reach, own);
  });
}

function isFlat(cv: OpenCv, seen: Overlaid): boolean {
  return scoped((own) => {
    const [photo, reference] = [seen.photo, seen.reference].map((image) =>
      own(localContrast(cv, own(halved(cv, image)), HALF_CONTRAST_SIDE)),
    );
    const found = own(flow(cv, photo!, reference!, QUICK));
    return 2 * medianLength(found, own(halved(cv, seen.reach, cv.INTER_NEAREST))) < FLAT_PIXELS;
  });
}

/** A field that moves nothing and is sure where `reach` is white. */
export function stillField(cv: OpenCv, reach: Mat): DisplacementField {
  return scoped((own) => {
    const still = own(cv.Mat.zeros(reach.rows, reach.cols, cv.CV_32FC2));
    return fieldOf(cv, still, still, reach, own);
  });
}

/** Whether the reference is of use at a place of the photo, in shares of its sides. */
export function isSure({ columns, rows, sureness }: DisplacementField, x: number, y: number): boolean {
  const [column, row] = [Math.trunc(x * columns), Math.trunc(y * rows)];
  return sureness[row * columns + column]! >= SURE;
}

function fieldOf(cv: OpenCv, there: Mat, back: Mat, reach: Mat, own: Own): DisplacementField {
  const [columns, rows] = [Math.ceil(there.cols / CELL), Math.ceil(there.rows / CELL)];
  const toCells = (image: Mat): Float32Array => {
    const cells = own(new cv.Mat());
    cv.resize(image, cells, new cv.Size(columns, rows), 0, 0, cv.INTER_AREA);
    return cells.data32F.slice();
  };
  const moved = toCells(there);
  const sure = own(new cv.Mat(there.rows, there.cols, cv.CV_32F));
  const reached = reach.data;
  sure.data32F.set(returns(there, back).map((value, i) => (reached[i] === 0 ? 0 : value)));
  return {
    columns,
    rows,
    x: Float32Array.from({ length: columns * rows }, (_, i) => moved[2 * i]! / there.cols),
    y: Float32Array.from({ length: columns * rows }, (_, i) => moved[2 * i + 1]! / there.rows),
    sureness: toCells(own(blurred(cv, sure, SURENESS_SIGMA))),
  };
}

/** One where going there and back leads near to where it began, zero elsewhere. */
function returns({ cols, rows, data32F: there }: Mat, { data32F: back }: Mat): Float32Array {
  const result = new Float32Array(cols * rows);
  for (let i = 0; i < result.length; i++) {
    const [dx, dy] = [there[2 * i]!, there[2 * i + 1]!];
    const x = clamp(Math.round((i % cols) + dx), cols - 1);
    const y = clamp(Math.round(Math.trunc(i / cols) + dy), rows - 1);
    const at = 2 * (y * cols + x);
    const off = Math.max(Math.abs(dx + back[at]!), Math.abs(dy + back[at + 1]!));
    result[i] = off < RETURN_PIXELS ? 1 : 0;
  }
  return result;
}

function clamp(value: number, largest: number): number {
  return Math.min(Math.max(value, 0), largest);
}

/** Of vectors, where `within` is white. */
function medianLength({ data32F: vectors }: Mat, { data: within }: Mat): number {
  const squares = new Float32Array(within.length);
  let count = 0;
  for (let i = 0; i < within.length; i++) {
    if (within[i] !== 0) squares[count++] = vectors[2 * i]! ** 2 + vectors[2 * i + 1]! ** 2;
  }
  return Math.sqrt(squares.subarray(0, count).sort()[count >> 1] ?? 0);
}

interface Effort {
  readonly levels: number;
  readonly steps: number;
}

function flow(cv: OpenCv, from: Mat, to: Mat, { levels, steps }: Effort): Mat {
  const result = new cv.Mat();
  const { size, sigma } = POLYNOMIAL;
  cv.calcOpticalFlowFarneback(from, to, result, 0.5, levels, WINDOW, steps, size, sigma, 0);
  return result;
}

function blurred(cv: OpenCv, image: Mat, sigma: number): Mat {
  const result = new cv.Mat();
  cv.GaussianBlur(image, result, new cv.Size(0, 0), sigma);
  return result;
}
