import { setImmediate } from 'node:timers/promises';
import { RasrError } from '../errors.ts';
import type { FloatTensor } from '../models/tensor.ts';
import { type Photo, type Samples, samplesLike } from '../photo/photo.ts';
import { BandBlender } from './blend.ts';
import { followLowFrequencies } from './colour.ts';
import { blendByTrust, type Fusion } from './fusion.ts';
import type { Generator, GeneratorSettings, ReferenceFeatures } from './generator.ts';
import { findFault } from './guard.ts';
import { countTiles, type TilePlan } from './plan.ts';
import type { AlignedReference } from './same-object.ts';
import { averageDown, cutTile, type Planar } from './tiles.ts';
import { TrustMap } from './trust-map.ts';
import { coveredWindow, cutWindow, placeWindow, SURROUNDINGS } from './window.ts';

/** What a photo is restored with. */
export interface Conditioning {
  /** Of the references together, or null for none. */
  readonly features: ReferenceFeatures | null;
  /** A reference that shows the very same object, and the network that fuses it. */
  readonly sameObject: { readonly aligned: AlignedReference; readonly fusion: Fusion } | null;
  readonly settings: GeneratorSettings;
}

/** A tile with no less trust than this anywhere is taken from the fused reference alone: it needs no generator. */
const FULL_TRUST = 0.8;
/** Of other tiles the generator sees what is trusted less than this, with {@link SURROUNDINGS}. */
const CERTAIN = 0.98;

/**
 * G(x_lr, reference) of the paper (Eq. 1), tile by tile: cut, generate, guard, colour fix, reduce to the
 * output scale, blend.
 *
 * @param onTile receives the number of tiles done and how many there are
 * @returns interleaved RGB of the whole output, in the photo's depth and colour space, and where it came from
 *   the aligned reference (null where there was none)
 * @throws RasrError `GENERATOR_FAILED`; the signal's reason where it was aborted
 */
export async function generate(
  photo: Photo,
  plan: TilePlan,
  conditioning: Conditioning,
  generator: Generator,
  onTile: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<{ data: Samples; trust: TrustMap | null }> {
  const { x, y, scale } = plan;
  const output = samplesLike(photo.data, plan.width * scale * plan.height * scale * 3);
  const blender = new BandBlender(plan, output);
  const trust = conditioning.sameObject === null ? null : new TrustMap(plan);
  const total = countTiles(plan);
  let done = 0;
  for (const [row, top] of y.starts.entries()) {
    for (const [column, left] of x.starts.entries()) {
      signal?.throwIfAborted();
      const lr = cutTile(photo, left, top, x.size, y.size);
      const input: Planar = { data: lr.data, width: x.size, height: y.size };
      const { sr, trusted } = await restoreTile(lr, left, top, conditioning, generator);
      if (trusted !== null) trust?.add(trusted, column, row);
      const tile: Planar = { data: sr.data, width: sr.dims[3]!, height: sr.dims[2]! };
      refuseFaults(tile, input, photo.file, generator);
      followLowFrequencies(tile, input);
      blender.add(averageDown(tile, tile.width / x.size / scale), column, row);
      onTile(++done, total);
      // Let the host's messages through between tiles.
      await setImmediate();
    }
    blender.finishRow(row);
  }
  return { data: output, trust };
}

/** From the aligned reference as far as it reaches and agrees with the photo, from the generator elsewhere. */
async function restoreTile(
  lr: FloatTensor,
  left: number,
  top: number,
  { features, sameObject, settings }: Conditioning,
  generator: Generator,
): Promise<{ sr: FloatTensor; trusted: FloatTensor | null }> {
  const [height, width] = [lr.dims[2]!, lr.dims[3]!];
  const covered = await sameObject?.aligned.tile(left, top, width, height);
  if (sameObject === null || covered == null)
    return { sr: await generator.restoreTile(lr, features, settings), trusted: null };
  const fused = await sameObject.fusion.fuse({ photo: lr, ...covered }, settings.strength);
  if (fused.trust.data.every((value) => value >= FULL_TRUST))
    return { sr: fused.fused, trusted: fused.trust };
  const doubted = { ...fused.trust, data: fused.trust.data.map((value) => Number(value < CERTAIN)) };
  const window = coveredWindow(doubted, generator.bundle.manifest.tiles, SURROUNDINGS);
  const sr = await generator.restoreTile(cutWindow(lr, window, 1), features, settings);
  const factor = sr.dims[3]! / window.width;
  blendByTrust(sr, {
    fused: cutWindow(fused.fused, window, factor),
    trust: cutWindow(fused.trust, window, 1),
  });
  placeWindow(sr, window, factor, fused.fused);
  return { sr: fused.fused, trusted: fused.trust };
}

function refuseFaults(tile: Planar, input: Planar, file: string, generator: Generator): void {
  const fault = findFault(tile, input);
  if (fault === null) return;
  const what = fault === 'flat' ? 'an empty picture' : 'values that are not numbers';
  throw new RasrError(
    'GENERATOR_FAILED',
    `${file}: model ${generator.bundle.manifest.id} gave ${what} on ${generator.device.label}; nothing was saved.`,
    'Choose another model with "rasr models use", or report this with the photo.',
  );
}
