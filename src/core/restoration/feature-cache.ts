import { readFile, writeFile } from 'node:fs/promises';
import { writeFileAtomically } from '../files/atomic-write.ts';
import type { LibraryPaths } from '../library/paths.ts';
import type { FloatTensor } from '../models/tensor.ts';
import { Recent } from '../recent.ts';
import { featureDims, type Generator, type ReferenceFeatures } from './generator.ts';

/** References kept in memory; a batch over one gallery rarely needs more. */
const KEPT_IN_MEMORY = 16;

/**
 * Reference features by picture hash and model hash, in memory and on disk: a reference is encoded once
 * for all tiles, photos and restarts.
 */
export class FeatureCache {
  readonly #paths: LibraryPaths;
  readonly #memory = new Recent<ReferenceFeatures>(KEPT_IN_MEMORY);

  constructor(paths: LibraryPaths) {
    this.#paths = paths;
  }

  /**
   * The features of a picture under a generator.
   *
   * @param sha256 names the picture; `file` is read only where its features are not cached
   */
  async features(generator: Generator, sha256: string, file: string): Promise<ReferenceFeatures> {
    const key = `${generator.bundle.hash}/${sha256}`;
    const kept = this.#memory.get(key);
    if (kept !== undefined) return kept;
    const cached = this.#paths.features(sha256, generator.bundle.hash);
    const features = (await readFeatures(cached, generator)) ?? (await this.#encode(cached, generator, file));
    this.#memory.keep(key, features);
    return features;
  }

  async #encode(cached: string, generator: Generator, file: string): Promise<ReferenceFeatures> {
    const features = await generator.encodeReference(file);
    await writeFileAtomically(cached, 'replace', (temporary) =>
      writeFile(temporary, Buffer.concat(features.map(({ data }) => bytesOf(data)))),
    );
    return features;
  }
}

/** Reads a cached file, or undefined where there is none or it is not of the manifest's size. */
async function readFeatures(file: string, generator: Generator): Promise<ReferenceFeatures | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  const shapes = generator.bundle.manifest.reference.features.map((feature) => {
    const dims = featureDims(feature);
    return { dims, length: dims.reduce((a, b) => a * b) };
  });
  const expected = shapes.reduce((sum, { length }) => sum + length, 0);
  if (bytes?.byteLength !== expected * Float32Array.BYTES_PER_ELEMENT) return undefined;
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  let offset = 0;
  return shapes.map(({ dims, length }): FloatTensor => {
    const data = values.subarray(offset, offset + length);
    offset += length;
    return { data, dims };
  });
}

function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
