import { setImmediate } from 'node:timers/promises';
import { RasrError } from '../errors.ts';
import { type Photo, type Samples, samplesLike } from '../photo/photo.ts';
import { BandBlender } from './blend.ts';
import { followLowFrequencies } from './colour.ts';
import type { Generator, ReferenceFeatures } from './generator.ts';
import { findFault } from './guard.ts';
import { countTiles, type TilePlan } from './plan.ts';
import { averageDown, cutTile, type Planar } from './tiles.ts';

/**
 * G(x_lr, reference) of the paper (Eq. 1), tile by tile: cut, generate, guard, colour fix, reduce to the
 * output scale, blend.
 *
 * @param features of the references together, or null for none
 * @param onTile receives the number of tiles done and how many there are
 * @returns interleaved RGB of the whole output, in the photo's depth and colour space
 * @throws RasrError `GENERATOR_FAILED`; the signal's reason where it was aborted
 */
export async function generate(
  photo: Photo,
  plan: TilePlan,
  features: ReferenceFeatures | null,
  generator: Generator,
  onTile: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<Samples> {
  const { x, y, scale } = plan;
  const output = samplesLike(photo.data, plan.width * scale * plan.height * scale * 3);
  const blender = new BandBlender(plan, output);
  const total = countTiles(plan);
  let done = 0;
  for (const [row, top] of y.starts.entries()) {
    for (const [column, left] of x.starts.entries()) {
      signal?.throwIfAborted();
      const lr = cutTile(photo, left, top, x.size, y.size);
      const input: Planar = { data: lr.data, width: x.size, height: y.size };
      const sr = await generator.restoreTile(lr, features);
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
  return output;
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
