import type { FusionBundle } from '../models/bundle.ts';
import type { Device } from '../models/device.ts';
import type { LoadedGraph } from '../models/inference-thread.ts';
import { loadGraphs } from '../models/load.ts';
import type { FloatTensor } from '../models/tensor.ts';
import { enlargeBilinear } from './tiles.ts';
import { coveredWindow, cutWindow, placeWindow, SURROUNDINGS } from './window.ts';

/** A tile of the photo beside the reference that lies on it. */
export interface FusionInput {
  /** [1,3,h,w], RGB 0…1. */
  readonly photo: FloatTensor;
  /** [1,3,4h,4w], RGB 0…1, black where the reference does not reach. */
  readonly aligned: FloatTensor;
  /** [1,1,h,w], the share of each pixel that the reference covers. */
  readonly coverage: FloatTensor;
}

/** What comes out of fusing a tile. */
export interface FusedTile {
  /** [1,3,4h,4w], RGB, not clamped. */
  readonly fused: FloatTensor;
  /** [1,1,h,w], 0…1: how much of the output shall come from `fused`. */
  readonly trust: FloatTensor;
}

/** Puts an aligned reference of the very same object into the photo's light, and tells how far it can be trusted. */
export class Fusion {
  readonly bundle: FusionBundle;
  readonly #graph: LoadedGraph;

  private constructor(bundle: FusionBundle, graph: LoadedGraph) {
    this.bundle = bundle;
    this.#graph = graph;
  }

  /** @throws RasrError `BUNDLE_CORRUPT` or `BUNDLE_INVALID` */
  static async load(bundle: FusionBundle, device: Device): Promise<Fusion> {
    return new Fusion(bundle, (await loadGraphs(bundle, device)).fusion);
  }

  /**
   * Computes no more of the tile than the reference reaches, with some of the photo around it.
   *
   * @param strength 0…1, scales the trust
   */
  async fuse({ photo, aligned, coverage }: FusionInput, strength: number): Promise<FusedTile> {
    const { graphs, multiple, scale } = this.bundle.manifest;
    const window = coveredWindow(coverage, { multiple, min: multiple }, SURROUNDINGS);
    const given = [
      cutWindow(photo, window, 1),
      cutWindow(aligned, window, scale),
      cutWindow(coverage, window, 1),
      { data: Float32Array.of(strength), dims: [1] },
    ];
    const [{ inputs, outputs }] = graphs;
    const found = await this.#graph.run(Object.fromEntries(inputs.map((name, i) => [name, given[i]!])));
    const [fused, trust] = [zerosLike(aligned), zerosLike(coverage)];
    placeWindow(found[outputs[0]!]!, window, scale, fused);
    placeWindow(found[outputs[1]!]!, window, 1, trust);
    return { fused, trust };
  }

  release(): Promise<void> {
    return this.#graph.release();
  }
}

function zerosLike({ data, dims }: FloatTensor): FloatTensor {
  return { data: new Float32Array(data.length), dims };
}

/**
 * Blends by trust, interpolated bilinearly between the photo's pixels: `fused` where it is 1, `base` where it is 0.
 *
 * @param base [1,3,4h,4w], the tile restored without the aligned reference; changed in place
 */
export function blendByTrust(base: FloatTensor, { fused, trust }: FusedTile): void {
  const width = trust.dims[3]!;
  const weights = enlargeBilinear(trust.data, width, trust.dims[2]!, base.dims[3]! / width);
  for (let channel = 0; channel < 3; channel++) {
    const offset = channel * weights.length;
    for (let i = 0; i < weights.length; i++) {
      const plain = base.data[offset + i]!;
      base.data[offset + i] = plain + weights[i]! * (fused.data[offset + i]! - plain);
    }
  }
}
