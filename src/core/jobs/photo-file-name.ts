import path from 'node:path';

/** Leaves room within the usual 255 for what we append to the name of the result and its record. */
const MAX_NAME_BYTES = 200;
/** Folders within folders that are kept; nobody has more, and paths have an end. */
const MAX_DEPTH = 32;

/** A file name that cannot leave its folder, whatever a window sent. */
export function safeFileName(name: string): string {
  return safeName(path.basename(name.replaceAll('\\', '/'))) ?? 'photo';
}

/**
 * The folders a photo was found in, as a relative path that cannot leave the folder it is put below.
 *
 * @param folders outermost first, as a window sent them
 * @returns parts joined by `/`; empty where there are none
 */
export function safeSubfolder(folders: readonly string[]): string {
  return folders
    .slice(0, MAX_DEPTH)
    .map((folder) => safeName(folder.replaceAll(/[/\\]/g, '-')))
    .filter((folder) => folder !== null)
    .join('/');
}

/** Without what no system, or not every one, has in names; null where nothing is left. */
function safeName(name: string): string | null {
  const clean = name.replace(/[\p{Cc}:*?"<>|]/gu, '-');
  if (clean === '' || clean === '.' || clean === '..') return null;
  const characters = [...clean];
  while (Buffer.byteLength(characters.join('')) > MAX_NAME_BYTES) characters.shift();
  return characters.join('');
}
