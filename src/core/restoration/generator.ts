import type { GeneratorBundle } from '../models/bundle.ts';
import type { Device } from '../models/device.ts';
import type { FeatureEntry } from '../models/generator-manifest.ts';
import type { LoadedGraph } from '../models/inference-thread.ts';
import { loadGraphs } from '../models/load.ts';
import { readSquareBatch } from '../models/square-input.ts';
import type { FloatTensor, NamedTensors } from '../models/tensor.ts';

/** A reference's features as the manifest lists them: token sequences [1,N,C], or maps [1,C,H,W]. */
export type ReferenceFeatures = readonly FloatTensor[];

/** What can be set of a generator. */
export interface GeneratorSettings {
  /** How much the references count, 0…1; 0 is exactly as without. */
  readonly strength: number;
  /** How much detail to invent, 0…1; null where the model has no such input. */
  readonly detail: number | null;
}

/** The role of the graph that is run once for a reference; all others are run for every tile. */
const ENCODER = 'reference-encoder';

/** RefDSR: restores tiles in one diffusion step, conditioned on reference features. */
export class Generator {
  readonly bundle: GeneratorBundle;
  readonly device: Device;
  readonly #graphs: Readonly<Record<string, LoadedGraph>>;

  private constructor(
    bundle: GeneratorBundle,
    device: Device,
    graphs: Readonly<Record<string, LoadedGraph>>,
  ) {
    this.bundle = bundle;
    this.device = device;
    this.#graphs = graphs;
  }

  /** @throws RasrError `BUNDLE_CORRUPT` or `BUNDLE_INVALID` */
  static async load(bundle: GeneratorBundle, device: Device): Promise<Generator> {
    return new Generator(bundle, device, await loadGraphs(bundle, device));
  }

  /** The `detail` that counts where the user wants this one, or leaves it to the model; null where it has none. */
  detailFor(wanted: number | null): number | null {
    const { detail } = this.bundle.manifest;
    return detail === undefined ? null : (wanted ?? detail.default);
  }

  /** Encodes one reference image. @throws RasrError as `decodePhoto` */
  async encodeReference(file: string): Promise<ReferenceFeatures> {
    const { graphs, reference } = this.bundle.manifest;
    const { inputs } = graphs.find(({ role }) => role === ENCODER)!;
    const pixels = await readSquareBatch([{ file, share: 1 }], reference);
    const outputs = await this.#graphs[ENCODER]!.run({ [inputs[0]!]: pixels });
    return reference.features.map(({ name }) => outputs[name]!);
  }

  /**
   * Restores one tile: runs the bundle's graphs in their order, each fed by name with what is given and what those
   * before it put out.
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
    const { graphs, reference, constants } = this.bundle.manifest;
    const known: Record<string, FloatTensor> = {
      lr,
      reference_strength: scalar(features === null ? 0 : strength),
      ...(detail === null ? {} : { detail: scalar(detail) }),
    };
    for (const { name, dims, values } of constants) known[name] = { data: Float32Array.from(values), dims };
    reference.features.forEach((entry, i) => {
      known[entry.name] = features?.[i] ?? noFeature(entry);
    });
    let first: FloatTensor = lr;
    for (const { role, inputs, outputs } of graphs) {
      if (role === ENCODER) continue;
      const found = await this.#graphs[role]!.run(pick(known, inputs));
      Object.assign(known, pick(found, outputs));
      first = found[outputs[0]!]!;
    }
    return first;
  }

  async release(): Promise<void> {
    for (const graph of Object.values(this.#graphs)) await graph.release();
  }
}

/** The shape of one reference's feature. */
export function featureDims(feature: FeatureEntry): readonly number[] {
  return 'tokens' in feature
    ? [1, feature.tokens, feature.channels]
    : [1, feature.channels, feature.height, feature.width];
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

/** What stands for a feature where there is no reference: one token of zeros, or a map of zeros. */
function noFeature(feature: FeatureEntry): FloatTensor {
  const dims = 'tokens' in feature ? [1, 1, feature.channels] : featureDims(feature);
  return { data: new Float32Array(dims.reduce((a, b) => a * b)), dims };
}

function pick(tensors: NamedTensors, names: readonly string[]): NamedTensors {
  return Object.fromEntries(names.map((name) => [name, tensors[name]!]));
}
