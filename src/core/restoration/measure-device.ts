import type { FusionBundle, GeneratorBundle } from '../models/bundle.ts';
import type { Device } from '../models/device.ts';
import type { FloatTensor } from '../models/tensor.ts';
import { Fusion } from './fusion.ts';
import { Generator } from './generator.ts';
import { enlargeBilinear } from './tiles.ts';

/** Side of the measured tile in pixels of the photo, as far as the generator's rules for tiles allow it. */
const SIDE = 64;
/** Seconds of the first run, which compiles what the device needs, from which on it counts itself: a device this slow needs no better figure. */
const SLOW = 5;
/** Largest difference to the CPU's samples (0…1) that is rounding and not a fault: four levels of 8 bits. */
const TOLERANCE = 4 / 255;

/** What a device made of the measured tile. */
export interface TrialRun {
  /** The generator's time for one tile, median. */
  readonly seconds: number;
  /** Samples of everything that was computed. */
  readonly outputs: readonly Float32Array[];
}

/** The models that compute on the chosen device. */
export interface MeasuredModels {
  readonly generator: GeneratorBundle;
  readonly fusion: FusionBundle | undefined;
}

/**
 * Runs the models on one fixed tile.
 *
 * @throws Error where the device cannot load or run them
 */
export async function tryOut({ generator, fusion }: MeasuredModels, device: Device): Promise<TrialRun> {
  const side = trialSide(generator);
  const photo = trialTile(side);
  const { seconds, sr } = await runGenerator(generator, device, photo);
  const outputs = [sr];
  if (fusion !== undefined) outputs.push(...(await runFusion(fusion, device, photo, side)));
  return { seconds, outputs };
}

/** Whether a device computed what the CPU did. Black and torn pictures are what broken graphics drivers give. */
export function agree(a: TrialRun, b: TrialRun): boolean {
  return a.outputs.every((samples, i) => {
    const others = b.outputs[i];
    // Written so that NaN is a difference.
    return (
      samples.length === others?.length &&
      samples.every((value, at) => Math.abs(value - others[at]!) <= TOLERANCE)
    );
  });
}

async function runGenerator(
  bundle: GeneratorBundle,
  device: Device,
  photo: FloatTensor,
): Promise<{ seconds: number; sr: Float32Array }> {
  const model = await Generator.load(bundle, device);
  try {
    const timed = async () => {
      const start = performance.now();
      const { data } = await model.restoreTile(photo, null, { strength: 0, detail: model.detailFor(null) });
      return { seconds: (performance.now() - start) / 1000, sr: data };
    };
    const first = await timed();
    if (first.seconds > SLOW) return first;
    const runs = [await timed(), await timed(), await timed()].sort((a, b) => a.seconds - b.seconds);
    return runs[1]!;
  } finally {
    await model.release();
  }
}

async function runFusion(
  bundle: FusionBundle,
  device: Device,
  photo: FloatTensor,
  side: number,
): Promise<Float32Array[]> {
  const model = await Fusion.load(bundle, device);
  try {
    const { scale } = bundle.manifest;
    const planes = [0, 1, 2].map((plane) =>
      enlargeBilinear(photo.data.subarray(plane * side * side, (plane + 1) * side * side), side, side, scale),
    );
    const aligned = new Float32Array(planes.flatMap((plane) => [...plane]));
    const { fused, trust } = await model.fuse(
      {
        photo,
        aligned: { data: aligned, dims: [1, 3, side * scale, side * scale] },
        coverage: { data: new Float32Array(side * side).fill(1), dims: [1, 1, side, side] },
      },
      1,
    );
    return [fused.data, trust.data];
  } finally {
    await model.release();
  }
}

function trialSide({ manifest: { tiles } }: GeneratorBundle): number {
  const side = Math.min(Math.max(SIDE, tiles.min), tiles.max);
  return Math.floor(side / tiles.multiple) * tiles.multiple;
}

/** Waves of different colours and widths: nothing flat, nothing random. */
function trialTile(side: number): FloatTensor {
  const data = new Float32Array(3 * side * side);
  for (let i = 0; i < data.length; i++) {
    const plane = Math.floor(i / (side * side));
    const [x, y] = [i % side, Math.floor(i / side) % side];
    data[i] = 0.5 + 0.4 * Math.sin((x * (plane + 1)) / 5) * Math.cos((y * (3 - plane)) / 7);
  }
  return { data, dims: [1, 3, side, side] };
}
