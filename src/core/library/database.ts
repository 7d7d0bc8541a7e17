import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import * as sqliteVec from 'sqlite-vec';
import { onDisk } from '../app-info.ts';
import { fromSystemError, RasrError } from '../errors.ts';
import { migrate } from './migrations.ts';

/** Milliseconds a statement waits for another process' write before it fails. */
const BUSY_TIMEOUT_MS = 10_000;
const RETRY_MS = 10;

/**
 * Opens (or makes) the library's database: write-ahead log, foreign keys, sqlite-vec, newest schema.
 *
 * @throws RasrError `LIBRARY_UNUSABLE` or `OUTPUT_UNWRITABLE`
 */
export function openDatabase(file: string): Database.Database {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    switchToWriteAheadLog(database);
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    database.loadExtension(onDisk(sqliteVec.getLoadablePath()));
    migrate(database);
    return database;
  } catch (error) {
    const system = fromSystemError(error, path.dirname(file));
    if (system !== undefined && system.code !== 'FILE_MISSING') throw system;
    throw new RasrError(
      'LIBRARY_UNUSABLE',
      `The library ${file} cannot be opened: ${error instanceof Error ? error.message : String(error)}.`,
      'Choose another library folder, or restore this one from a backup.',
      { cause: error },
    );
  }
}

/**
 * The change to the write-ahead log, unlike a statement, does not wait for another process that makes or
 * opens the same database: it fails at once, and has to be tried again.
 */
function switchToWriteAheadLog(database: Database.Database): void {
  const deadline = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      const busy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!busy || Date.now() > deadline) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
  }
}
