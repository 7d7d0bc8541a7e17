import path from 'node:path';
import Database from 'better-sqlite3';

/** Reads a library's database while its server runs. */
export function rows<Row>(library: string, sql: string): Row[] {
  const database = new Database(path.join(library, 'library.db'), { readonly: true });
  try {
    return database.prepare<[], Row>(sql).all();
  } finally {
    database.close();
  }
}
