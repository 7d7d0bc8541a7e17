import { i18n } from '../i18n/i18n.ts';
import { isPhotoName, pastedName } from './photo-name.ts';

/** A file the user gave, and the folders it was found in: the one that was given first, empty for a file alone. */
export interface GivenFile {
  readonly file: File;
  readonly folders: readonly string[];
}

/** Whether a drag carries files rather than text or a link. */
export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') === true;
}

/**
 * The files of a drop or a paste: those named themselves and, for folders, every photo at any depth.
 * Must be called while the event is handled, since the browser empties `transfer` after it.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<GivenFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  if (entries.every((entry) => entry === null)) {
    return [...transfer.files].map((file) => ({ file, folders: [] }));
  }
  const found: GivenFile[] = [];
  for (const entry of entries) {
    if (entry === null) continue;
    if (entry.isFile) found.push({ file: await fileOf(entry as FileSystemFileEntry), folders: [] });
    else found.push(...(await photosIn(entry as FileSystemDirectoryEntry, [])));
  }
  return found;
}

/** The files of a paste, those without a name of their own named by the time. */
export function pastedFiles(given: readonly GivenFile[], now: Date): GivenFile[] {
  return given.map(({ file, folders }) => {
    const name = pastedName(file.name, now, i18n.t('shell:pasted'));
    return { file: name === file.name ? file : new File([file], name, { type: file.type }), folders };
  });
}

/** The files of a file picker; of a folder picker's those that may be photos. */
export function pickedFiles(files: readonly File[]): GivenFile[] {
  return files
    .map((file) => ({ file, folders: file.webkitRelativePath.split('/').slice(0, -1) }))
    .filter(({ file, folders }) => folders.length === 0 || isPhotoName(file.name));
}

async function photosIn(folder: FileSystemDirectoryEntry, above: readonly string[]): Promise<GivenFile[]> {
  const folders = [...above, folder.name];
  const found: GivenFile[] = [];
  for (const entry of await entriesOf(folder)) {
    if (entry.isDirectory) found.push(...(await photosIn(entry as FileSystemDirectoryEntry, folders)));
    else if (isPhotoName(entry.name)) {
      found.push({ file: await fileOf(entry as FileSystemFileEntry), folders });
    }
  }
  return found;
}

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  // A reader hands out its entries in portions; an empty one is the end.
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (portion.length === 0) break;
    entries.push(...portion);
  }
  return entries.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
