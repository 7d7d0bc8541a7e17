import type { GeneratorBundle } from '../models/bundle.ts';
import type { Device } from '../models/device.ts';
import type { LoadedGraph } from '../models/inference-thread.ts';
import { loadGraphs } from '../models/load.ts';
import { readSquareBatch } from '../models/square-input.ts';
import type { FloatTensor } from '../models/tensor.ts';

/** A reference's features: one token sequence [1,N,C] for each level the generator reads. */
export type ReferenceFeatures = readonly FloatTensor[];

/** What can be set of a generator. */
export interface GeneratorSettings {
  /** How much the references count, 0…1; 0 is exactly as without. */
  readonly strength: number;
  /** How much detail to invent, 0…1; null where the model has no such input. */
  readonly detail: number | null;
}

/** RefDSR: restores tiles in one diffusion step, conditioned on reference features. */
export class Generator {
  readonly bundle: GeneratorBundle;
  readonly device: Device;
  readonly #encoder: LoadedGraph;
  readonly #generator: LoadedGraph;

  private constructor(bundle: GeneratorBundle, device: Device, encoder: LoadedGraph, generator: LoadedGraph) {
    this.bundle = bundle;
    this.device = device;
    this.#encoder = encoder;
    this.#generator = generator;
  }

  /** @throws RasrError `BUNDLE_CORRUPT` or `BUNDLE_INVALID` */
  static async load(bundle: GeneratorBundle, device: Device): Promise<Generator> {
    const sessions = await loadGraphs(bundle, device);
    return new Generator(bundle, device, sessions['reference-encoder'], sessions.generator);
  }

  /** The `detail` that counts where the user wants this one, or leaves it to the model; null where it has none. */
  detailFor(wanted: number | null): number | null {
    const { detail } = this.bundle.manifest;
    return detail === undefined ? null : (wanted ?? detail.default);
  }

  /** Encodes one reference image. @throws RasrError as `decodePhoto` */
  async encodeReference(file: string): Promise<ReferenceFeatures> {
    const { graphs, reference } = this.bundle.manifest;
    const pixels = await readSquareBatch([{ file, share: 1 }], reference);
    const outputs = await this.#encoder.run({ [graphs[0].inputs[0]!]: pixels });
    return reference.features.map(({ name }) => outputs[name]!);
  }

  /**
   * Restores one tile.
   *
   * @param lr [1,3,h,w], RGB 0…1, sides multiples of the bundle's `tiles.multiple`
   * @param features of the references together, or null for none
   * @returns [1,3,4h,4w], RGB, not clamped
   */
  async restoreTile(
    lr: FloatTensor,
    features: ReferenceFeatures | null,
    { strength, detail }: GeneratorSettings,
  ): Promise<FloatTensor> {
    const { graphs, reference } = this.bundle.manifest;
    const given = features ?? reference.features.map(({ channels }) => noTokens(channels));
    const inputs: Record<string, FloatTensor> = {
      lr,
      reference_strength: scalar(features === null ? 0 : strength),
      ...(detail === null ? {} : { detail: scalar(detail) }),
    };
    reference.features.forEach(({ name }, i) => {
      inputs[name] = given[i]!;
    });
    const outputs = await this.#generator.run(inputs);
    return outputs[graphs[1].outputs[0]!]!;
  }

  async release(): Promise<void> {
    await this.#encoder.release();
    await this.#generator.release();
  }
}

/** Joins the token sequences of several references level by level: [1,N₁,C] and [1,N₂,C] → [1,N₁+N₂,C]. */
export function joinFeatures(references: readonly ReferenceFeatures[]): ReferenceFeatures {
  const [first, ...rest] = references;
  if (first === undefined || rest.length === 0) return first ?? [];
  return first.map((tensor, level) => {
    const parts = references.map((features) => features[level]!);
    const data = new Float32Array(parts.reduce((length, part) => length + part.data.length, 0));
    let offset = 0;
    for (const part of parts) {
      data.set(part.data, offset);
      offset += part.data.length;
    }
    const channels = tensor.dims[2]!;
    return { data, dims: [1, data.length / channels, channels] };
  });
}

function scalar(value: number): FloatTensor {
  return { data: Float32Array.of(value), dims: [1] };
}

function noTokens(channels: number): FloatTensor {
  return { data: new Float32Array(channels), dims: [1, 1, channels] };
}
