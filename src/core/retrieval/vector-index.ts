import type { Statement } from 'better-sqlite3';
import { RasrError } from '../errors.ts';
import { UNDONE } from '../galleries/changes.ts';
import { FreshPictures } from '../galleries/fresh-pictures.ts';
import { readReference } from '../galleries/pictures.ts';
import type { Library } from '../library/library.ts';
import { signCode, wordsOf } from '../library/sign-code.ts';
import { asVector, type VectorTable, vectorTable } from '../library/vector-tables.ts';
import type { RetrieverBundle } from '../models/bundle.ts';
import { BinaryCodes } from './binary-codes.ts';
import type { Retriever } from './retriever.ts';

/** References embedded in one run of the network, and inserted in one transaction. */
const BATCH = 8;
/** From how many vectors on the codes are looked through first (docs/benchmarks-retrieval.md). */
const QUANTISED_FROM = 50_000;
const ROWS_AT_ONCE = 4096;
/** Candidates the codes give for each reference wanted, at least, and of all in scope; they are compared exactly. */
const CANDIDATES = { each: 100, least: 1000, share: 1 / 200 };

/** A reference and the cosine similarity of its embedding to a query's, −1…1. */
export interface Neighbour {
  readonly referenceId: number;
  readonly similarity: number;
}

interface Unindexed {
  readonly id: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
}

/** The vectors of all references of a library under one retriever. */
export class VectorIndex {
  readonly #library: Library;
  readonly #retriever: Retriever;
  readonly #fresh: FreshPictures;
  readonly #table: VectorTable;
  readonly #similarity: Statement<[Buffer, bigint], number>;
  readonly #galleryOf: Statement<[number], number>;
  readonly #filedUnder: Statement<[number], number>;
  #codes: BinaryCodes;
  /** Rows of the code table up to this `seq` are in memory. */
  #codesRead = 0;
  /** Every reference up to this id has been looked at: ids grow, so what comes later is above it. */
  #lookedUpTo = 0;
  /** How many changes to galleries had been undone then: those bring back references of lower ids. */
  #undone: string | undefined;

  /** @param fresh where pictures may be that were just imported */
  constructor(library: Library, retriever: Retriever, fresh = new FreshPictures()) {
    this.#library = library;
    this.#retriever = retriever;
    this.#fresh = fresh;
    const { hash, manifest } = retriever.bundle;
    this.#table = vectorTable(library.database, hash, manifest.embedding.dimension);
    this.#similarity = library.database
      .prepare<[Buffer, bigint], number>(
        `SELECT 1 - vec_distance_cosine(embedding, ?) FROM ${this.#table.name} WHERE reference_id = ?`,
      )
      .pluck();
    this.#galleryOf = library.database
      .prepare<[number], number>('SELECT gallery_id FROM reference WHERE id = ?')
      .pluck();
    this.#filedUnder = library.database
      .prepare<[number], number>(`SELECT gallery_id FROM ${this.#table.codes} WHERE reference_id = ?`)
      .pluck();
    this.#codes = new BinaryCodes(wordsOf(manifest.embedding.dimension));
  }

  /** How many references have no vector yet. */
  countMissing(): number {
    return countMissing(this.#library, this.#table);
  }

  /**
   * Embeds every reference that has no vector yet, a batch a transaction: a run that was cut short is
   * completed by the next one. A reference whose stored picture cannot be read is passed over, so that
   * one damaged file does not take the search from all the others.
   *
   * @param onProgress receives the number done and the number there were
   */
  async complete(onProgress?: (done: number, total: number) => void, signal?: AbortSignal): Promise<void> {
    this.#heedUndone();
    const highest = this.#highestReference();
    let batch = this.#batchAfter(this.#lookedUpTo);
    if (batch.length === 0) {
      this.#lookedUpTo = highest;
      return;
    }
    const total = onProgress === undefined ? 0 : this.countMissing();
    let done = 0;
    let embedding = this.#embed(batch);
    let latest = embedding;
    try {
      while (batch.length > 0) {
        signal?.throwIfAborted();
        // The next batch is read while this one is in the network.
        const following = this.#batchAfter(batch.at(-1)!.id);
        if (following.length > 0) {
          latest = this.#embed(following);
          // Its failure is met when its turn comes.
          latest.catch(() => {});
        }
        this.#insert(await embedding);
        this.#lookedUpTo = Math.max(this.#lookedUpTo, batch.at(-1)!.id);
        done += batch.length;
        onProgress?.(done, Math.max(done, total));
        [batch, embedding] = [following, latest];
      }
    } finally {
      // Nothing is left at work in the network, which may be released now.
      await latest.catch(() => {});
    }
  }

  /** Whether nothing has come since `complete` went through. */
  isComplete(): boolean {
    this.#heedUndone();
    return this.#batchAfter(this.#lookedUpTo).length === 0;
  }

  /**
   * The nearest references by cosine similarity, best first (RASR, RIRR). Among many they are the best of
   * the candidates that differ least in their codes.
   *
   * @param query unit-length embedding
   * @param count how many at most
   * @param galleryId one gallery, or null for all
   */
  nearest(query: Float32Array, count: number, galleryId: number | null): Neighbour[] {
    if (this.#hasMany(galleryId)) return this.nearestQuantised(query, count, galleryId);
    return this.nearestExact(query, count, galleryId);
  }

  /** As {@link nearest}, comparing every vector. */
  nearestExact(query: Float32Array, count: number, galleryId: number | null): Neighbour[] {
    return this.#nearest(query, count, galleryId === null ? '' : 'AND gallery_id = ?', galleryId);
  }

  /** As {@link nearestExact}, in all galleries but one. */
  nearestElsewhere(query: Float32Array, count: number, galleryId: number): Neighbour[] {
    return this.#nearest(query, count, 'AND gallery_id != ?', galleryId);
  }

  /** As {@link nearest}, by the codes first. */
  nearestQuantised(query: Float32Array, count: number, galleryId: number | null): Neighbour[] {
    return this.#amongCodes(query, count, galleryId) ?? this.#amongCodesReadAnew(query, count, galleryId);
  }

  #amongCodesReadAnew(query: Float32Array, count: number, galleryId: number | null): Neighbour[] {
    this.#codes = new BinaryCodes(wordsOf(this.#table.dimension));
    this.#codesRead = 0;
    return this.#amongCodes(query, count, galleryId) ?? this.nearestExact(query, count, galleryId);
  }

  /** Null where codes of references that were removed or moved, which memory still holds, crowd out the others. */
  #amongCodes(query: Float32Array, count: number, galleryId: number | null): Neighbour[] | null {
    this.#readCodes();
    const { each, least, share } = CANDIDATES;
    const wanted = Math.max(count * each, least, Math.ceil(this.#codes.count(galleryId) * share));
    // One that was moved, or came back, has a code of before and one of now.
    const candidates = [...new Set(this.#codes.nearest(signCode(query), wanted, galleryId))];
    const found = candidates.flatMap((referenceId) => {
      if (galleryId !== null && this.#filedUnder.get(referenceId) !== galleryId) return [];
      const similarity = this.similarity(query, referenceId);
      return similarity === undefined ? [] : [{ referenceId, similarity }];
    });
    if (found.length < candidates.length / 2) return null;
    return found.sort((a, b) => b.similarity - a.similarity).slice(0, count);
  }

  /** The references of a gallery that have a vector, with it. */
  embedded(galleryId: number): { readonly id: number; readonly vector: Float32Array }[] {
    const { database } = this.#library;
    const vector = database
      .prepare<[bigint], Buffer>(`SELECT embedding FROM ${this.#table.name} WHERE reference_id = ?`)
      .pluck();
    const ids = database.prepare<[number], number>('SELECT id FROM reference WHERE gallery_id = ?').pluck();
    return ids.all(galleryId).flatMap((id) => {
      const embedding = vector.get(BigInt(id));
      return embedding === undefined ? [] : [{ id, vector: asVector(embedding) }];
    });
  }

  /** Cosine similarity of a unit-length embedding to a reference's; undefined where that has none. */
  similarity(query: Float32Array, referenceId: number): number | undefined {
    return this.#similarity.get(asBlob(query), BigInt(referenceId));
  }

  #nearest(query: Float32Array, count: number, where: string, galleryId: number | null): Neighbour[] {
    const parameters = [asBlob(query), BigInt(count), ...(galleryId === null ? [] : [BigInt(galleryId)])];
    return this.#library.database
      .prepare<unknown[], { referenceId: number; distance: number }>(
        `SELECT reference_id AS referenceId, distance FROM ${this.#table.name}
         WHERE embedding MATCH ? AND k = ? ${where} ORDER BY distance`,
      )
      .all(...parameters)
      .map(({ referenceId, distance }) => ({ referenceId, similarity: 1 - distance }));
  }

  #hasMany(galleryId: number | null): boolean {
    const rows = this.#library.database
      .prepare<[], number>(`SELECT ifnull(max(seq), 0) FROM ${this.#table.codes}`)
      .pluck()
      .get();
    if (rows! < QUANTISED_FROM) return false;
    this.#readCodes();
    return this.#codes.count(galleryId) >= QUANTISED_FROM;
  }

  /** Reads what is new, many rows as one string: a row at a time takes five times as long. */
  #readCodes(): void {
    const read = this.#library.database
      .prepare<[number], [number | null, string, string, string]>(
        `SELECT max(seq), group_concat(reference_id ORDER BY seq), group_concat(gallery_id ORDER BY seq),
           group_concat(hex(code), '' ORDER BY seq)
         FROM (SELECT * FROM ${this.#table.codes} WHERE seq > ? ORDER BY seq LIMIT ${ROWS_AT_ONCE})`,
      )
      .raw();
    for (;;) {
      const [last, referenceIds, galleryIds, codes] = read.get(this.#codesRead)!;
      if (last === null) return;
      this.#codes.add(
        referenceIds.split(',').map(Number),
        galleryIds.split(',').map(Number),
        Buffer.from(codes, 'hex'),
      );
      this.#codesRead = last;
    }
  }

  #heedUndone(): void {
    const undone = this.#library.setting(UNDONE);
    if (undone !== this.#undone) this.#lookedUpTo = 0;
    this.#undone = undone;
  }

  #highestReference(): number {
    return this.#library.database
      .prepare<[], number>('SELECT ifnull(max(id), 0) FROM reference')
      .pluck()
      .get()!;
  }

  #batchAfter(id: number): Unindexed[] {
    return this.#library.database
      .prepare<[number], Unindexed>(
        `SELECT id, sha256, width, height FROM reference JOIN image USING (sha256)
         WHERE id > ? AND NOT EXISTS (SELECT 1 FROM ${this.#table.codes} WHERE reference_id = reference.id)
         ORDER BY id LIMIT ${BATCH}`,
      )
      .all(id);
  }

  async #embed(batch: readonly Unindexed[]): Promise<(Unindexed & { vector: Float32Array })[]> {
    try {
      const { size, resize = size } = this.#retriever.bundle.manifest.preprocessing;
      const { paths } = this.#library;
      const pictures = batch.map((reference) =>
        readReference(reference, resize, paths, this.#fresh.take(reference.sha256)),
      );
      const vectors = await this.#retriever.embed(await Promise.all(pictures));
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
    // A reference removed, or indexed by another process, while we embedded it is passed over; one that was
    // moved is filed where it is now.
    const encode = database.prepare(
      `INSERT INTO ${this.#table.codes} (reference_id, gallery_id, code) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    const insert = database.prepare(
      `INSERT INTO ${this.#table.name} (reference_id, gallery_id, embedding) VALUES (?, ?, ?)`,
    );
    database
      .transaction(() => {
        for (const { id, vector } of embedded) {
          const galleryId = this.#galleryOf.get(id);
          if (galleryId === undefined) continue;
          const { changes } = encode.run(id, galleryId, signCode(vector));
          if (changes === 1) insert.run(BigInt(id), BigInt(galleryId), asBlob(vector));
        }
      })
      .immediate();
  }
}

/** How many references of a library have no vector of a retriever yet, without loading it. */
export function countUnindexed(library: Library, { hash, manifest }: RetrieverBundle): number {
  return countMissing(library, vectorTable(library.database, hash, manifest.embedding.dimension));
}

function countMissing(library: Library, { codes }: VectorTable): number {
  return library.database
    .prepare<[], number>(
      `SELECT count(*) FROM reference
       WHERE NOT EXISTS (SELECT 1 FROM ${codes} WHERE reference_id = reference.id)`,
    )
    .pluck()
    .get()!;
}

function asBlob(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
}
