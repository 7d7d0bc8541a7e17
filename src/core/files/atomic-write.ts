import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fromSystemError, RasrError } from '../errors.ts';

/** What to do where the destination exists. `refuse` fails with `OUTPUT_EXISTS`. */
export type IfExists = 'refuse' | 'replace';

const TEMPORARY_NAME = /^\.rasr-[0-9a-f-]{36}\.tmp$/;

/** A temporary file untouched for this long was left by a process that was killed. */
const STALE_AFTER_MS = 3_600_000;

/**
 * Writes a file so that it is either there whole or not there at all: a temporary file beside the
 * destination, fsync, then link or rename. The temporary file is gone whatever happens, and so are old
 * ones that killed processes left in that folder.
 *
 * @param destination absolute path; its folder is made if it is missing
 * @param write fills the temporary path it is given, where an empty file lies
 * @throws RasrError `OUTPUT_EXISTS`, `OUTPUT_UNWRITABLE`, `NAME_INVALID` or `NO_SPACE`
 */
export async function writeFileAtomically(
  destination: string,
  ifExists: IfExists,
  write: (temporary: string) => Promise<unknown>,
): Promise<void> {
  const folder = path.dirname(destination);
  const temporary = path.join(folder, `.rasr-${randomUUID()}.tmp`);
  await prepareFolder(folder);
  try {
    await removeStaleTemporaries(folder);
    // Made by us first: Node says why a file cannot be made, image libraries only that it cannot.
    await (await open(temporary, 'wx')).close();
    await write(temporary);
    await flush(temporary);
    if (ifExists === 'replace') await rename(temporary, destination);
    else await publishWithoutReplacing(temporary, destination);
  } catch (error) {
    throw asOutputError(error, destination);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Makes a folder for outputs if it is missing.
 *
 * @throws RasrError `OUTPUT_UNWRITABLE` where it is no folder or cannot be written to
 */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EEXIST' && code !== 'ENOTDIR' && code !== 'ENOENT') throw asOutputError(error, folder);
    throw new RasrError(
      'OUTPUT_UNWRITABLE',
      `${folder} cannot be a folder: a file or a broken link is in the way.`,
      'Choose another folder.',
      { cause: error },
    );
  }
}

/** The typed refusal to overwrite, shared by the early check and the final publish. */
export function outputExists(destination: string): RasrError {
  return new RasrError(
    'OUTPUT_EXISTS',
    `${destination} exists already.`,
    'Choose another name or folder, or allow overwriting (--overwrite).',
  );
}

function asOutputError(error: unknown, file: string): unknown {
  return error instanceof RasrError ? error : (fromSystemError(error, file) ?? error);
}

async function removeStaleTemporaries(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => TEMPORARY_NAME.test(name));
  for (const file of names.map((name) => path.join(folder, name))) {
    const info = await stat(file).catch(() => undefined);
    if (info !== undefined && Date.now() - info.mtimeMs > STALE_AFTER_MS) await rm(file, { force: true });
  }
}

async function publishWithoutReplacing(temporary: string, destination: string): Promise<void> {
  try {
    await link(temporary, destination);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') throw outputExists(destination);
    // FAT and some network volumes know no hard links: an exclusive copy refuses just as well.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EMLINK') throw error;
    await copyFile(temporary, destination, constants.COPYFILE_EXCL).catch((copyError: unknown) => {
      throw (copyError as NodeJS.ErrnoException).code === 'EEXIST' ? outputExists(destination) : copyError;
    });
    await flush(destination);
  }
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
