import Database from 'better-sqlite3';
import { RasrError } from '../errors.ts';
import type { LibraryPaths } from './paths.ts';

/** Locks in force: a database that nothing refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<Database.Database>();

/**
 * Claims a library's job queue for this process until it ends or `release` is called. The claim is an
 * exclusive lock on a database of its own, which the system drops with the process: it cannot go stale.
 *
 * @throws RasrError `LIBRARY_UNUSABLE` where another running RASR holds it
 */
export function claimQueue(paths: LibraryPaths): { release(): void } {
  const lock = new Database(paths.queueLock, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw new RasrError(
      'LIBRARY_UNUSABLE',
      `The library ${paths.root} is open in another RASR window or server.`,
      'Use that one, close it first, or choose another library folder.',
      { cause: error },
    );
  }
  held.add(lock);
  return {
    release() {
      held.delete(lock);
      lock.close();
    },
  };
}
