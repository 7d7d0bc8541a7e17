import Database from 'better-sqlite3';
import { RasrError } from '../errors.ts';
import type { LibraryPaths } from './paths.ts';

/** Locks in force: a database that nothing refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<Database.Database>();

/** Something only one process may do at a time. Given up by `release`, or with the process. */
export interface Claim {
  release(): void;
}

/**
 * Claims a library's job queue for this process.
 *
 * @throws RasrError `LIBRARY_UNUSABLE` where another running RASR holds it
 */
export function claimQueue(paths: LibraryPaths): Claim {
  const claim = tryClaim(paths.queueLock);
  if (claim !== undefined) return claim;
  throw new RasrError(
    'LIBRARY_UNUSABLE',
    `The library ${paths.root} is open in another RASR window or server.`,
    'Use that one, close it first, or choose another library folder.',
  );
}

/** Claims the indexing for another retriever; undefined where another process is at it. */
export function claimIndexing(paths: LibraryPaths): Claim | undefined {
  return tryClaim(paths.indexingLock);
}

/**
 * An exclusive lock on a database of its own, which the system drops with the process: it cannot go stale.
 */
function tryClaim(file: string): Claim | undefined {
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
