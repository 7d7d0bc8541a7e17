import type { Aligner, PictureInThread } from '../alignment/aligner.ts';
import type { Alignment } from '../alignment/alignment.ts';
import { isSure } from '../alignment/displacement.ts';
import {
  areaFactor,
  betweenShares,
  chain,
  compose,
  type Homography,
  project,
  resizing,
} from '../alignment/homography.ts';
import type { Lie } from '../alignment/warp.ts';
import type { FloatTensor } from '../models/tensor.ts';
import { readPhotoHeader } from '../photo/decode.ts';
import type { Photo } from '../photo/photo.ts';
import { type GreyImage, greyOf, readGrey, readRgb } from '../photo/pixels.ts';
import type { CandidateReference } from './references.ts';

/** Output pixels for each of the photo's, in each direction, as the fusion network works. */
const FACTOR = 4;
/** Pixels of the longer side that are enough to find out how images lie on each other. */
const SEARCHED_SIDE = 1280;
/**
 * Reference pixels for each output pixel, in one direction. With fewer, the reference has too little to add; the
 * fusion network was trained down to 1/2.2.
 */
const MIN_RESOLUTION = 0.4;
/** With more, it is reduced first: sampling it as it is would alias. */
const MAX_RESOLUTION = 1.2;
/** Points along each side of the photo at which it is asked whether the reference reaches there. */
const OVERLAP_GRID = 64;

/** A reference that shows the very same thing, laid on the photo. */
export interface AlignedReference {
  readonly reference: CandidateReference;
  readonly alignment: Alignment;
  /** Share of the photo that the reference covers, 0…1. */
  readonly overlap: number;
  /** From shares of the photo's sides to shares of the reference's. */
  readonly toReference: Homography;
  /** The reference under one tile of the photo, or null where it does not reach. */
  tile(left: number, top: number, width: number, height: number): Promise<CoveredTile | null>;
  release(): Promise<void>;
}

/** What the fusion network is told of the reference. */
export interface CoveredTile {
  /** [1,3,4h,4w], RGB 0…1, black where the reference does not reach. */
  readonly aligned: FloatTensor;
  /** [1,1,h,w], the share of each of the photo's pixels that is covered. */
  readonly coverage: FloatTensor;
}

/**
 * Looks for a reference that shows the very same thing as the photo and lays it on.
 *
 * @returns null where none does, or where the one that does has no more detail than the photo
 */
export async function alignReference(
  photo: Photo,
  candidates: readonly CandidateReference[],
  aligner: Aligner,
): Promise<AlignedReference | null> {
  if (candidates.length === 0) return null;
  const searched = await greyOf(photo, SEARCHED_SIDE);
  const found = await aligner.align(
    searched,
    candidates.map(({ file, recorded }) => ({ key: recorded.sha256, read: () => readIfPossible(file) })),
  );
  if (found === null) return null;
  const { alignment, shown } = found;
  const reference = candidates[found.index]!;
  const whole = await readPhotoHeader(reference.file);
  const output = { width: photo.width * FACTOR, height: photo.height * FACTOR };
  const fromOutput = resizing(searched.width / output.width, searched.height / output.height);
  const toFile = chain(
    fromOutput,
    alignment.homography,
    resizing(whole.width / shown.width, whole.height / shown.height),
  );
  const toOutput = resizing(output.width / searched.width, output.height / searched.height);
  const middle = project(toOutput, ...alignment.middle);
  const resolution = Math.sqrt(areaFactor(toFile, ...middle));
  if (!(resolution >= MIN_RESOLUTION)) return null;
  const shrink = resolution > MAX_RESOLUTION ? 1 / resolution : 1;
  const [width, height] = [Math.round(whole.width * shrink), Math.round(whole.height * shrink)];
  const toPicture = compose(resizing(width / whole.width, height / whole.height), toFile);
  const lie: Lie = { ...output, toPicture, displacement: alignment.displacement };
  const laid = await aligner.lay(await readRgb(reference.file, width, height), lie);
  return {
    reference,
    alignment,
    overlap: overlapOf(lie, width, height),
    toReference: betweenShares(toFile, output, { width: whole.width, height: whole.height }),
    tile: (left, top, width, height) => coverTile(laid, left, top, width, height),
    release: () => laid.release(),
  };
}

/** Null where the picture is gone or damaged: most candidates would not have been used anyway. */
function readIfPossible(file: string): Promise<GreyImage | null> {
  return readGrey(file, SEARCHED_SIDE).catch(() => null);
}

async function coverTile(
  laid: PictureInThread,
  left: number,
  top: number,
  width: number,
  height: number,
): Promise<CoveredTile | null> {
  const window = { left: left * FACTOR, top: top * FACTOR, width: width * FACTOR, height: height * FACTOR };
  const { data, coverage } = await laid.warp(window, FACTOR);
  if (coverage.every((share) => share === 0)) return null;
  return {
    aligned: { data, dims: [1, 3, window.height, window.width] },
    coverage: { data: coverage, dims: [1, 1, height, width] },
  };
}

/** @param width of the picture that lies there, as `height` */
function overlapOf({ toPicture, displacement, ...output }: Lie, width: number, height: number): number {
  let inside = 0;
  for (let i = 0; i < OVERLAP_GRID ** 2; i++) {
    const x = ((i % OVERLAP_GRID) + 0.5) / OVERLAP_GRID;
    const y = (Math.trunc(i / OVERLAP_GRID) + 0.5) / OVERLAP_GRID;
    const [u, v] = project(toPicture, x * output.width, y * output.height);
    const reached = u >= 0 && v >= 0 && u < width && v < height;
    if (reached && (displacement === null || isSure(displacement, x, y))) inside++;
  }
  return inside / OVERLAP_GRID ** 2;
}
