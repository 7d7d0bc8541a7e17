import type { RetrieverBundle } from '../models/bundle.ts';
import type { Device } from '../models/device.ts';
import { loadSessions, type ModelSession } from '../models/session.ts';
import { readSquareBatch } from '../models/square-input.ts';

/** RIRR: embeds images so that the cosine of two embeddings says how alike what they show is. */
export class Retriever {
  readonly bundle: RetrieverBundle;
  readonly #session: ModelSession;

  private constructor(bundle: RetrieverBundle, session: ModelSession) {
    this.bundle = bundle;
    this.#session = session;
  }

  /** @throws RasrError `BUNDLE_CORRUPT` or `BUNDLE_INVALID` */
  static async load(bundle: RetrieverBundle, device: Device): Promise<Retriever> {
    const { retriever } = await loadSessions(bundle, device);
    return new Retriever(bundle, retriever);
  }

  /**
   * Embeds image files as one batch.
   *
   * @returns one L2-normalised vector a file, `embedding.dimension` long
   * @throws RasrError as `decodePhoto`
   */
  async embed(files: readonly string[]): Promise<Float32Array[]> {
    const { preprocessing, embedding, graphs } = this.bundle.manifest;
    const batch = await readSquareBatch(files, preprocessing);
    const outputs = await this.#session.run({ [graphs[0].inputs[0]!]: batch });
    const { data } = outputs[graphs[0].outputs[0]!]!;
    const { dimension } = embedding;
    return files.map((_, n) => normalised(data.subarray(n * dimension, (n + 1) * dimension)));
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** A unit-length copy; bundles promise unit length, and cosine thresholds rest on it. */
function normalised(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector.slice();
}
