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

/** Deletes the vectors of references in every table: virtual tables know no foreign keys. */
export function deleteVectors(database: Database, referenceIds: readonly number[]): void {
  const hashes = database.prepare<[], string>('SELECT model_hash FROM vector_table').pluck().all();
  for (const hash of hashes) {
    const tables = [`vector_${hash}`, codesOf(hash)].filter((table) => exists(database, table));
    for (const table of tables) {
      const statement = database.prepare(`DELETE FROM ${table} WHERE reference_id = ?`);
      for (const id of referenceIds) statement.run(BigInt(id));
    }
  }
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
    const { buffer, byteOffset, byteLength } = embedding;
    const vector = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
    insert.run(referenceId, galleryId, signCode(vector));
  }
}
