import { readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pMapIterable } from 'p-map';
import { type RasrError, toRasrError } from '../errors.ts';
import { sha256Of, sha256OfFile } from '../files/hash.ts';
import { type FoundFile, findFiles } from '../files/walk.ts';
import type { Library } from '../library/library.ts';
import { asPhotoError } from '../photo/decode.ts';
import { hasImageExtension } from '../photo/formats.ts';
import type { FreshPictures } from './fresh-pictures.ts';
import type { Galleries } from './galleries.ts';
import { storeProxy } from './pictures.ts';

/** Bytes up to which a file is read as a whole; several are, at a time. */
const READ_AT_ONCE = 64_000_000;

/** One file to import and the gallery it goes to: one there is by its id, or one by name, made if need be. */
export interface ImportItem {
  readonly file: string;
  readonly gallery: string | number;
}

/** What became of one imported file. */
export type ImportOutcome<Item extends ImportItem = ImportItem> = Item &
  (
    | { readonly kind: 'added' | 'duplicate'; readonly sha256: string }
    | { readonly kind: 'refused'; readonly error: RasrError }
  );

export interface ImportOptions {
  readonly signal?: AbortSignal | undefined;
  /** Receives the small copies of what is added. */
  readonly fresh?: FreshPictures;
}

/**
 * Finds what to import. With a gallery named, everything goes there; without, every folder's direct
 * subfolders are galleries by their own names, and files directly in it go to a gallery of its name.
 *
 * @throws RasrError `FILE_MISSING`
 */
export async function planImport(
  named: readonly string[],
  gallery?: string,
): Promise<(ImportItem & { readonly gallery: string })[]> {
  const found = await Promise.all(named.map((entry) => findFiles(entry, hasImageExtension)));
  return found.flat().map((file) => ({ file: file.path, gallery: gallery ?? galleryOf(file) }));
}

/**
 * Imports files one after another into their galleries, several decoded at a time. Each file is
 * recorded in a transaction of its own once its proxy is stored, so an import that was killed is
 * completed by repeating it.
 */
export async function* importReferences<Item extends ImportItem>(
  library: Library,
  galleries: Galleries,
  items: Iterable<Item> | AsyncIterable<Item>,
  options: ImportOptions = {},
): AsyncGenerator<ImportOutcome<Item>> {
  const results = pMapIterable(items, (item) => importOne(library, galleries, item, options), {
    // More than there are cores: every picture waits for the disk, too.
    concurrency: 2 * availableParallelism(),
  });
  for await (const outcome of results) yield outcome;
}

async function importOne<Item extends ImportItem>(
  library: Library,
  galleries: Galleries,
  item: Item,
  { signal, fresh }: ImportOptions,
): Promise<ImportOutcome<Item>> {
  signal?.throwIfAborted();
  try {
    const { file, gallery } = item;
    const id = typeof gallery === 'number' ? galleries.checked(gallery) : galleries.ensure(gallery);
    const { sha256, bytes } = await readSource(file).catch((error: unknown) => {
      throw asPhotoError(file, error);
    });
    if (galleries.holds(id, sha256)) return { ...item, kind: 'duplicate', sha256 };
    const { stored, small } = await storeProxy(file, sha256, library.paths, bytes);
    const added = galleries.add(id, stored, path.basename(file));
    if (added) fresh?.put(sha256, small);
    return { ...item, kind: added ? 'added' : 'duplicate', sha256 };
  } catch (error) {
    const known = toRasrError(error, item.file);
    // A full disk or a read-only library refuses every file: stop at the first.
    if (known.code === 'NO_SPACE' || known.code === 'OUTPUT_UNWRITABLE') throw known;
    return { ...item, kind: 'refused', error: known };
  }
}

/** A file's hash, and its content where that is small enough to be read once and kept for the decoder. */
async function readSource(file: string): Promise<{ sha256: string; bytes?: Buffer }> {
  const { size } = await stat(file);
  if (size > READ_AT_ONCE) return { sha256: await sha256OfFile(file) };
  const bytes = await readFile(file);
  return { sha256: sha256Of(bytes), bytes };
}

function galleryOf(file: FoundFile): string {
  const [first, ...rest] = path.relative(file.root, file.path).split(path.sep);
  return rest.length > 0 ? first! : path.basename(file.root);
}
