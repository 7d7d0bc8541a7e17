import type { Database } from 'better-sqlite3';
import { signCode } from './sign-code.ts';

/** Vectors that lie together; each gallery takes up whole chunks, and a search reads them. */
const CHUNK_SIZE = 128;

/** One retriever's vectors: exact ones to compare with, and a code of one bit a dimension to look through many. */
export interface VectorTable {
  /** SQL identifier of the vectors, made by us, safe to put into a statement. */
  readonly name: string;
  /** SQL identifier of the codes. `seq` grows with every row, so that a reader can ask for what is new. */
  readonly codes: string;
  readonly dimension: number;
}

/**
 * The vector table of a retriever, made on first use: one row a reference, partitioned by gallery so
 * that a search in one gallery reads only that gallery's vectors.
 *
 * @param modelHash the retriever bundle's hash
 * @param dimension length of its embeddings
 */
export function vectorTable(database: Database, modelHash: string, dimension: number): VectorTable {
  const table = { name: `vector_${modelHash}`, codes: codesOf(modelHash), dimension };
  if (exists(database, table.codes)) return table;
  database
    .transaction(() => {
      if (exists(database, table.codes)) return;
      database.exec(`
        CREATE VIRTUAL TABLE IF NOT EXISTS ${table.name} USING vec0(
          reference_id INTEGER PRIMARY KEY,
          gallery_id INTEGER PARTITION KEY,
          embedding FLOAT[${dimension}] DISTANCE_METRIC=cosine,
          chunk_size=${CHUNK_SIZE}
        );
        CREATE TABLE ${table.codes} (
          seq          INTEGER PRIMARY KEY AUTOINCREMENT,
          reference_id INTEGER NOT NULL UNIQUE,
          gallery_id   INTEGER NOT NULL,
          code         BLOB NOT NULL
        ) STRICT`);
      database
        .prepare('INSERT OR IGNORE INTO vector_table (model_hash, name, dimension) VALUES (?, ?, ?)')
        .run(modelHash, table.name, dimension);
      encodeExisting(database, table);
    })
    .immediate();
  return table;
}

/** A reference's vector under one retriever. */
export interface StoredVector {
  readonly modelHash: string;
  readonly referenceId: number;
  /** Little-endian float32. */
  readonly embedding: Buffer;
}

/** Deletes the vectors of references in every table: virtual tables know no foreign keys. */
export function deleteVectors(database: Database, referenceIds: readonly number[]): void {
  for (const { name, codes } of knownTables(database)) {
    for (const table of [name, codes].filter((one) => exists(database, one))) {
      const statement = database.prepare(`DELETE FROM ${table} WHERE reference_id = ?`);
      for (const id of referenceIds) statement.run(BigInt(id));
    }
  }
}

/** The vectors of references in every table. */
export function vectorsOf(database: Database, referenceIds: readonly number[]): StoredVector[] {
  const tables = knownTables(database).filter(({ name }) => exists(database, name));
  return tables.flatMap(({ name, modelHash }) => {
    const read = database
      .prepare<[bigint], Buffer>(`SELECT embedding FROM ${name} WHERE reference_id = ?`)
      .pluck();
    return referenceIds.flatMap((referenceId) => {
      const embedding = read.get(BigInt(referenceId));
      return embedding === undefined ? [] : [{ modelHash, referenceId, embedding }];
    });
  });
}

/**
 * Puts vectors into their tables, each into the gallery its reference is in now. Vectors of references that
 * are gone or have one, of another dimension, and of retrievers without a table are passed over.
 */
export function putVectors(database: Database, vectors: readonly StoredVector[]): void {
  const galleryOf = database
    .prepare<[number], number>('SELECT gallery_id FROM reference WHERE id = ?')
    .pluck();
  for (const [modelHash, ofModel] of Map.groupBy(vectors, (vector) => vector.modelHash)) {
    const table = knownTables(database).find((known) => known.modelHash === modelHash);
    if (table === undefined || !exists(database, table.name) || !exists(database, table.codes)) continue;
    const encode = database.prepare(
      `INSERT INTO ${table.codes} (reference_id, gallery_id, code) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    const insert = database.prepare(
      `INSERT INTO ${table.name} (reference_id, gallery_id, embedding) VALUES (?, ?, ?)`,
    );
    for (const { referenceId, embedding } of ofModel) {
      const galleryId = galleryOf.get(referenceId);
      if (galleryId === undefined || embedding.length !== 4 * table.dimension) continue;
      const { changes } = encode.run(referenceId, galleryId, signCode(asVector(embedding)));
      if (changes === 1) insert.run(BigInt(referenceId), BigInt(galleryId), embedding);
    }
  }
}

/** Files the vectors of references that changed their gallery under the new one: a vector's partition is fixed. */
export function refileVectors(database: Database, referenceIds: readonly number[]): void {
  const vectors = vectorsOf(database, referenceIds);
  deleteVectors(database, referenceIds);
  putVectors(database, vectors);
}

function knownTables(database: Database): (VectorTable & { readonly modelHash: string })[] {
  return database
    .prepare<[], { modelHash: string; name: string; dimension: number }>(
      'SELECT model_hash AS modelHash, name, dimension FROM vector_table',
    )
    .all()
    .map((table) => ({ ...table, codes: codesOf(table.modelHash) }));
}

function codesOf(modelHash: string): string {
  return `code_${modelHash}`;
}

function exists(database: Database, table: string): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table) !== undefined;
}

/** Libraries of earlier versions have vectors and no codes. */
function encodeExisting(database: Database, { name, codes }: VectorTable): void {
  const insert = database.prepare(`INSERT INTO ${codes} (reference_id, gallery_id, code) VALUES (?, ?, ?)`);
  const vectors = database
    .prepare<[], [number, number, Buffer]>(`SELECT reference_id, gallery_id, embedding FROM ${name}`)
    .raw()
    .all();
  for (const [referenceId, galleryId, embedding] of vectors) {
    insert.run(referenceId, galleryId, signCode(asVector(embedding)));
  }
}

/** The numbers of a stored vector, as a copy: a blob's bytes need not be aligned. */
export function asVector({ buffer, byteOffset, byteLength }: Buffer): Float32Array {
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}
