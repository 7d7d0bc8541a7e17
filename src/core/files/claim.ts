import Database from 'better-sqlite3';

/** Locks in force: a database that nothing refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<Database.Database>();

/** Something only one process may do at a time. Given up by `release`, or with the process. */
export interface Claim {
  release(): void;
}

/**
 * Claims what a lock file stands for; undefined where another call or process holds it.
 *
 * @param file made if it is missing, and left there: an exclusive lock on a database of its own, which the system
 *   drops with the process, cannot go stale
 */
export function tryClaim(file: string): Claim | undefined {
  const lock = new Database(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
  held.add(lock);
  return {
    release() {
      held.delete(lock);
      lock.close();
    },
  };
}
