import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { RasrError } from '../errors.ts';
import { writeFileAtomically } from '../files/atomic-write.ts';
import { Library } from './library.ts';
import { claimQueue } from './owner.ts';
import { LibraryPaths } from './paths.ts';

const remembered = z.object({ library: z.string().min(1) });

/**
 * Finds out whether a folder can be gone over to, by opening the library in it, or making one.
 *
 * @throws RasrError `NAME_INVALID` for a path that is not absolute, `LIBRARY_UNUSABLE` or `OUTPUT_UNWRITABLE`
 */
export function probeLibrary(folder: string): void {
  if (!path.isAbsolute(folder)) {
    throw new RasrError('NAME_INVALID', `${folder} is not a whole path.`, 'Begin at the root of the disk.');
  }
  new Library(folder).close();
  claimQueue(new LibraryPaths(folder)).release();
}

/** Keeps in a file which library the user went over to. @throws RasrError `OUTPUT_UNWRITABLE` or `NO_SPACE` */
export async function rememberLibrary(file: string, folder: string): Promise<void> {
  await writeFileAtomically(file, 'replace', (temporary) =>
    writeFile(temporary, JSON.stringify({ library: folder })),
  );
}

/**
 * The library the user last went over to; undefined where they never did.
 *
 * @throws RasrError `LIBRARY_UNUSABLE` where it is not there now: a disk may be away, and an empty library made in
 *   its place would look like everything lost
 */
export function rememberedLibrary(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const folder = parse(readFileSync(file, 'utf8'));
  if (folder === undefined || existsSync(new LibraryPaths(folder).database)) return folder;
  throw new RasrError(
    'LIBRARY_UNUSABLE',
    `The library ${folder} is not there.`,
    `Connect its disk, name another with --library or RASR_LIBRARY, or delete ${file}.`,
  );
}

function parse(text: string): string | undefined {
  try {
    return remembered.parse(JSON.parse(text)).library;
  } catch {
    return undefined;
  }
}
