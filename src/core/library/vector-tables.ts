import type { Database } from 'better-sqlite3';

/** One retriever's vector table. */
export interface VectorTable {
  /** SQL identifier, made by us, safe to put into a statement. */
  readonly name: string;
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
  const known = listVectorTables(database).find((table) => table.modelHash === modelHash);
  if (known !== undefined) return known;
  const name = `vector_${modelHash}`;
  database
    .transaction(() => {
      database.exec(`
        CREATE VIRTUAL TABLE IF NOT EXISTS ${name} USING vec0(
          reference_id INTEGER PRIMARY KEY,
          gallery_id INTEGER PARTITION KEY,
          embedding FLOAT[${dimension}] DISTANCE_METRIC=cosine
        )`);
      database
        .prepare('INSERT OR IGNORE INTO vector_table (model_hash, name, dimension) VALUES (?, ?, ?)')
        .run(modelHash, name, dimension);
    })
    .immediate();
  return { name, dimension };
}

/** Deletes the vectors of references in every table: virtual tables know no foreign keys. */
export function deleteVectors(database: Database, referenceIds: readonly number[]): void {
  for (const table of listVectorTables(database)) {
    const statement = database.prepare(`DELETE FROM ${table.name} WHERE reference_id = ?`);
    for (const id of referenceIds) statement.run(BigInt(id));
  }
}

function listVectorTables(database: Database): (VectorTable & { modelHash: string })[] {
  return database
    .prepare<[], VectorTable & { modelHash: string }>(
      'SELECT model_hash AS modelHash, name, dimension FROM vector_table',
    )
    .all();
}
