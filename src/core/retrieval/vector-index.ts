import { RasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import { type VectorTable, vectorTable } from '../library/vector-tables.ts';
import type { Retriever } from './retriever.ts';

/** References embedded in one run of the network, and inserted in one transaction. */
const BATCH = 8;

/** A reference and the cosine similarity of its embedding to a query's, −1…1. */
export interface Neighbour {
  readonly referenceId: number;
  readonly similarity: number;
}

interface Unindexed {
  readonly id: number;
  readonly galleryId: number;
  readonly sha256: string;
}

/** The vectors of all references of a library under one retriever. */
export class VectorIndex {
  readonly #library: Library;
  readonly #retriever: Retriever;
  readonly #table: VectorTable;

  constructor(library: Library, retriever: Retriever) {
    this.#library = library;
    this.#retriever = retriever;
    const { hash, manifest } = retriever.bundle;
    this.#table = vectorTable(library.database, hash, manifest.embedding.dimension);
  }

  /** How many references have no vector yet. */
  countMissing(): number {
    const row = this.#library.database
      .prepare<[], { missing: number }>(
        `SELECT count(*) AS missing FROM reference
         WHERE id NOT IN (SELECT reference_id FROM ${this.#table.name})`,
      )
      .get();
    return row?.missing ?? 0;
  }

  /**
   * Embeds every reference that has no vector yet, a batch a transaction: a run that was cut short is
   * completed by the next one. A reference whose stored picture cannot be read is passed over, so that
   * one damaged file does not take the search from all the others.
   *
   * @param onProgress receives the number done and the number there were
   */
  async complete(onProgress?: (done: number, total: number) => void, signal?: AbortSignal): Promise<void> {
    const total = this.countMissing();
    let done = 0;
    for (let batch = this.#batchAfter(0); batch.length > 0; batch = this.#batchAfter(batch.at(-1)!.id)) {
      signal?.throwIfAborted();
      this.#insert(await this.#embed(batch));
      done += batch.length;
      onProgress?.(done, total);
    }
  }

  /**
   * The nearest references by cosine similarity, best first (RASR, RIRR).
   *
   * @param query unit-length embedding
   * @param count how many at most
   * @param galleryId one gallery, or null for all
   */
  nearest(query: Float32Array, count: number, galleryId: number | null): Neighbour[] {
    const inGallery = galleryId === null ? '' : 'AND gallery_id = ?';
    const parameters = [asBlob(query), BigInt(count), ...(galleryId === null ? [] : [BigInt(galleryId)])];
    return this.#library.database
      .prepare<unknown[], { referenceId: number; distance: number }>(
        `SELECT reference_id AS referenceId, distance FROM ${this.#table.name}
         WHERE embedding MATCH ? AND k = ? ${inGallery} ORDER BY distance`,
      )
      .all(...parameters)
      .map(({ referenceId, distance }) => ({ referenceId, similarity: 1 - distance }));
  }

  #batchAfter(id: number): Unindexed[] {
    return this.#library.database
      .prepare<[number], Unindexed>(
        `SELECT id, gallery_id AS galleryId, sha256 FROM reference
         WHERE id > ? AND id NOT IN (SELECT reference_id FROM ${this.#table.name}) ORDER BY id LIMIT ${BATCH}`,
      )
      .all(id);
  }

  async #embed(batch: readonly Unindexed[]): Promise<(Unindexed & { vector: Float32Array })[]> {
    try {
      const vectors = await this.#retriever.embed(
        batch.map(({ sha256 }) => this.#library.paths.proxy(sha256)),
      );
      return batch.map((reference, n) => ({ ...reference, vector: vectors[n]! }));
    } catch (error) {
      if (!(error instanceof RasrError)) throw error;
      if (batch.length === 1) return [];
      const parts = [];
      for (const reference of batch) parts.push(...(await this.#embed([reference])));
      return parts;
    }
  }

  #insert(embedded: readonly (Unindexed & { vector: Float32Array })[]): void {
    const { database } = this.#library;
    // A reference removed, or indexed by another process, while we embedded it is passed over.
    const insert = database.prepare(
      `INSERT INTO ${this.#table.name} (reference_id, gallery_id, embedding)
       SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM reference WHERE id = ?)
         AND NOT EXISTS (SELECT 1 FROM ${this.#table.name} WHERE reference_id = ?)`,
    );
    database
      .transaction(() => {
        for (const { id, galleryId, vector } of embedded) {
          const key = BigInt(id);
          insert.run(key, BigInt(galleryId), asBlob(vector), key, key);
        }
      })
      .immediate();
  }
}

function asBlob(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
}
