import { RasrError } from '../errors.ts';
import { type Claim, tryClaim } from '../files/claim.ts';
import type { LibraryPaths } from './paths.ts';

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
