import type { Aligner, HeldPicture } from '../alignment/aligner.ts';
import {
  areaFactor,
  betweenShares,
  compose,
  type Homography,
  project,
  resizing,
  translation,
} from '../alignment/homography.ts';
import type { PlanarAlignment } from '../alignment/planar.ts';
import type { FloatTensor } from '../models/tensor.ts';
import { readPhotoHeader } from '../photo/decode.ts';
import type { Photo } from '../photo/photo.ts';
import { type GreyImage, greyOf, type RgbImage, readGrey, readRgb } from '../photo/pixels.ts';
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
  readonly alignment: PlanarAlignment;
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
 * Looks for a reference that shows the very same flat thing as the photo and lays it on.
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
  const { shown } = found;
  const reference = candidates[found.index]!;
  const whole = await readPhotoHeader(reference.file);
  // From pixels of the output to pixels of the reference's file.
  const toFile = [
    resizing(whole.width / shown.width, whole.height / shown.height),
    found.alignment.homography,
    resizing(searched.width / photo.width, searched.height / photo.height),
    resizing(1 / FACTOR),
  ].reduce((outer, inner) => compose(outer, inner));
  const centre = [(photo.width * FACTOR) / 2, (photo.height * FACTOR) / 2] as const;
  const resolution = Math.sqrt(areaFactor(toFile, ...centre));
  if (!(resolution >= MIN_RESOLUTION)) return null;
  const shrink = resolution > MAX_RESOLUTION ? 1 / resolution : 1;
  const [width, height] = [Math.round(whole.width * shrink), Math.round(whole.height * shrink)];
  const picture = await readRgb(reference.file, width, height);
  const toPicture = compose(resizing(width / whole.width, height / whole.height), toFile);
  const held = await aligner.hold(picture);
  return {
    reference,
    alignment: found.alignment,
    overlap: overlapOf(toPicture, photo, picture),
    toReference: betweenShares(
      toFile,
      { width: photo.width * FACTOR, height: photo.height * FACTOR },
      { width: whole.width, height: whole.height },
    ),
    tile: (left, top, width, height) => coverTile(held, toPicture, left, top, width, height),
    release: () => held.release(),
  };
}

/** Null where the picture is gone or damaged: most candidates would not have been used anyway. */
function readIfPossible(file: string): Promise<GreyImage | null> {
  return readGrey(file, SEARCHED_SIDE).catch(() => null);
}

async function coverTile(
  held: HeldPicture,
  toPicture: Homography,
  left: number,
  top: number,
  width: number,
  height: number,
): Promise<CoveredTile | null> {
  const fromTile = compose(toPicture, translation(left * FACTOR, top * FACTOR));
  const { data, coverage } = await held.warp(fromTile, width * FACTOR, height * FACTOR, FACTOR);
  if (coverage.every((share) => share === 0)) return null;
  return {
    aligned: { data, dims: [1, 3, height * FACTOR, width * FACTOR] },
    coverage: { data: coverage, dims: [1, 1, height, width] },
  };
}

function overlapOf(toPicture: Homography, photo: Photo, picture: RgbImage): number {
  let inside = 0;
  for (let i = 0; i < OVERLAP_GRID ** 2; i++) {
    const x = (((i % OVERLAP_GRID) + 0.5) / OVERLAP_GRID) * photo.width * FACTOR;
    const y = ((Math.trunc(i / OVERLAP_GRID) + 0.5) / OVERLAP_GRID) * photo.height * FACTOR;
    const [u, v] = project(toPicture, x, y);
    if (u >= 0 && v >= 0 && u < picture.width && v < picture.height) inside++;
  }
  return inside / OVERLAP_GRID ** 2;
}
