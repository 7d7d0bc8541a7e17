import type { Database, Statement } from 'better-sqlite3';
import { openDatabase } from './database.ts';
import { LibraryPaths } from './paths.ts';

/** The user's data folder, opened: its database and where its files are. */
export class Library {
  readonly paths: LibraryPaths;
  readonly database: Database;
  readonly #readSetting: Statement<[string], { value: string }>;
  readonly #writeSetting: Statement<[string, string]>;

  /** @throws RasrError `LIBRARY_UNUSABLE` or `OUTPUT_UNWRITABLE` */
  constructor(folder: string) {
    this.paths = new LibraryPaths(folder);
    this.database = openDatabase(this.paths.database);
    this.#readSetting = this.database.prepare('SELECT value FROM setting WHERE key = ?');
    this.#writeSetting = this.database.prepare(
      'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    );
  }

  setting(key: string): string | undefined {
    return this.#readSetting.get(key)?.value;
  }

  setSetting(key: string, value: string): void {
    this.#writeSetting.run(key, value);
  }

  removeSetting(key: string): void {
    this.database.prepare('DELETE FROM setting WHERE key = ?').run(key);
  }

  /** Whether SQLite finds the database sound. */
  isHealthy(): boolean {
    return this.database.pragma('quick_check', { simple: true }) === 'ok';
  }

  close(): void {
    this.database.close();
  }
}
