import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fromSystemError } from '../errors.ts';

/** A file found for the user, with the folder it was asked for through. */
export interface FoundFile {
  /** Absolute path. */
  readonly path: string;
  /** Absolute path of the folder named by the user, or of the file's own folder. */
  readonly root: string;
}

/**
 * Lists one named file, or the files below one named folder that `accept` takes, in name order.
 * A file named outright is listed whatever it is, so that its error can be told.
 * Hidden entries (leading dot) and symbolic links inside folders are passed over.
 *
 * @throws RasrError `FILE_MISSING` where the path does not exist
 */
export async function findFiles(named: string, accept: (file: string) => boolean): Promise<FoundFile[]> {
  const absolute = path.resolve(named);
  // Not of `absolute`: an empty name, from a variable that is not set, would be the current folder.
  const info = await stat(named).catch((error: unknown) => {
    throw fromSystemError(error, named) ?? error;
  });
  if (!info.isDirectory()) return [{ path: absolute, root: path.dirname(absolute) }];
  const entries = await readdir(absolute, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !isHidden(path.relative(absolute, entry.parentPath), entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter(accept)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((file) => ({ path: file, root: absolute }));
}

function isHidden(relativeFolder: string, name: string): boolean {
  return [...relativeFolder.split(path.sep), name].some((part) => part.startsWith('.'));
}
