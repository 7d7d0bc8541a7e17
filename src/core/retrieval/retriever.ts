import { RasrError } from '../errors.ts';
import type { RetrieverBundle } from '../models/bundle.ts';
import type { Device } from '../models/device.ts';
import type { LoadedGraph } from '../models/inference-thread.ts';
import { loadGraphs } from '../models/load.ts';
import { readSquareBatch } from '../models/square-input.ts';
import type { FloatTensor } from '../models/tensor.ts';
import type { RgbImage } from '../photo/pixels.ts';
import { soften } from './soften.ts';

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
   * Embeds references as one batch; where the bundle wants it, as the mean of the picture and of how a poor photo
   * shows it.
   *
   * @param pictures files, or pixels
   * @returns one L2-normalised vector a picture, `embedding.dimension` long
   * @throws RasrError as `decodePhoto`
   */
  async embed(pictures: readonly (string | RgbImage)[]): Promise<Float32Array[]> {
    const sources = pictures.map((picture) =>
      typeof picture === 'string' ? { file: picture, share: 1 } : picture,
    );
    const batch = await readSquareBatch(sources, this.bundle.manifest.preprocessing);
    return this.#asReferences(batch, await this.#run(batch));
  }

  /**
   * Embeds a photo to search with: whole, and from nearer, so that a wall or a frame around the thing does not
   * hide it; and each of these as a reference is embedded, too, so that nothing is more like a reference than itself.
   *
   * @returns one vector for each of the bundle's `queryCrops`, or two with `softReferences`
   * @throws RasrError as `decodePhoto`
   */
  async embedQuery(file: string): Promise<Float32Array[]> {
    const { preprocessing, queryCrops, softReferences } = this.bundle.manifest;
    const sources = queryCrops.map((share) => ({ file, share }));
    const batch = await readSquareBatch(sources, preprocessing);
    const views = await this.#run(batch);
    return softReferences === 1 ? views : [...views, ...(await this.#asReferences(batch, views))];
  }

  /** What references with these pictures and vectors have for their embeddings. */
  async #asReferences(batch: FloatTensor, sharp: Float32Array[]): Promise<Float32Array[]> {
    const { softReferences } = this.bundle.manifest;
    if (softReferences === 1) return sharp;
    const soft = await this.#run(soften(batch, softReferences));
    return sharp.map((vector, n) => normalised(vector.map((value, i) => value + soft[n]![i]!)));
  }

  async #run(batch: FloatTensor): Promise<Float32Array[]> {
    const { embedding, graphs } = this.bundle.manifest;
    const count = batch.dims[0]!;
    const outputs = await this.#graph.run({ [graphs[0].inputs[0]!]: batch });
    const { data, dims } = outputs[graphs[0].outputs[0]!]!;
    const { dimension, pooling } = embedding;
    if (dims.length !== (pooling === 'cls' ? 3 : 2) || dims.at(-1) !== dimension)
      throw this.#wrongShape(dims);
    // With pooling `cls` an image's first token stands for all of it; without, an image has one vector.
    const stride = data.length / count;
    return Array.from({ length: count }, (_, n) =>
      normalised(data.subarray(n * stride, n * stride + dimension)),
    );
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
