import { RasrError } from '../errors.ts';
import type { RetrieverBundle } from '../models/bundle.ts';
import type { Device } from '../models/device.ts';
import type { LoadedGraph } from '../models/inference-thread.ts';
import { loadGraphs } from '../models/load.ts';
import { readSquareBatch, type SquareSource } from '../models/square-input.ts';

/** RIRR: embeds images so that the cosine of two embeddings says how alike what they show is. */
export class Retriever {
  readonly bundle: RetrieverBundle;
  readonly #graph: LoadedGraph;

  private constructor(bundle: RetrieverBundle, graph: LoadedGraph) {
    this.bundle = bundle;
    this.#graph = graph;
  }

  /** @throws RasrError `BUNDLE_CORRUPT` or `BUNDLE_INVALID` */
  static async load(bundle: RetrieverBundle, device: Device): Promise<Retriever> {
    const { retriever } = await loadGraphs(bundle, device);
    return new Retriever(bundle, retriever);
  }

  /**
   * Embeds references as one batch.
   *
   * @returns one L2-normalised vector a file, `embedding.dimension` long
   * @throws RasrError as `decodePhoto`
   */
  embed(files: readonly string[]): Promise<Float32Array[]> {
    return this.#run(files.map((file) => ({ file, share: 1 })));
  }

  /**
   * Embeds a photo to search with: whole, and from nearer, so that a wall or a frame around the thing does not
   * hide it.
   *
   * @returns one vector for each of the bundle's `queryCrops`
   * @throws RasrError as `decodePhoto`
   */
  embedQuery(file: string): Promise<Float32Array[]> {
    return this.#run(this.bundle.manifest.queryCrops.map((share) => ({ file, share })));
  }

  async #run(sources: readonly SquareSource[]): Promise<Float32Array[]> {
    const { preprocessing, embedding, graphs } = this.bundle.manifest;
    const batch = await readSquareBatch(sources, preprocessing);
    const outputs = await this.#graph.run({ [graphs[0].inputs[0]!]: batch });
    const { data, dims } = outputs[graphs[0].outputs[0]!]!;
    const { dimension, pooling } = embedding;
    if (dims.length !== (pooling === 'cls' ? 3 : 2) || dims.at(-1) !== dimension)
      throw this.#wrongShape(dims);
    // With pooling `cls` an image's first token stands for all of it; without, an image has one vector.
    const stride = data.length / sources.length;
    return sources.map((_, n) => normalised(data.subarray(n * stride, n * stride + dimension)));
  }

  #wrongShape(dims: readonly number[]): RasrError {
    const { id, embedding } = this.bundle.manifest;
    return new RasrError(
      'BUNDLE_INVALID',
      `Model ${id} put out [${dims.join(', ')}], its manifest promises ${embedding.dimension} values and pooling ${embedding.pooling}.`,
      'Correct its manifest (docs/model-bundles.md), or choose another with "rasr models use".',
    );
  }

  release(): Promise<void> {
    return this.#graph.release();
  }
}

/** A unit-length copy; bundles promise unit length, and cosine thresholds rest on it. */
function normalised(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector.slice();
}
