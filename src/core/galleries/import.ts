import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pMapIterable } from 'p-map';
import { type RasrError, toRasrError } from '../errors.ts';
import { sha256OfFile } from '../files/hash.ts';
import { type FoundFile, findFiles } from '../files/walk.ts';
import type { Library } from '../library/library.ts';
import { asPhotoError } from '../photo/decode.ts';
import { hasImageExtension } from '../photo/formats.ts';
import type { Galleries } from './galleries.ts';
import { storePictures } from './pictures.ts';

/** One file to import and the gallery it goes to. */
export interface ImportItem {
  readonly file: string;
  readonly gallery: string;
}

/** What became of one imported file. */
export type ImportOutcome =
  | { readonly kind: 'added'; readonly file: string; readonly gallery: string }
  | { readonly kind: 'duplicate'; readonly file: string; readonly gallery: string }
  | { readonly kind: 'refused'; readonly file: string; readonly gallery: string; readonly error: RasrError };

/**
 * Finds what to import. With a gallery named, everything goes there; without, every folder's direct
 * subfolders are galleries by their own names, and files directly in it go to a gallery of its name.
 *
 * @throws RasrError `FILE_MISSING`
 */
export async function planImport(named: readonly string[], gallery?: string): Promise<ImportItem[]> {
  const found = await Promise.all(named.map((entry) => findFiles(entry, hasImageExtension)));
  return found.flat().map((file) => ({ file: file.path, gallery: gallery ?? galleryOf(file) }));
}

/**
 * Imports files one after another into their galleries, several decoded at a time. Each file is
 * recorded in a transaction of its own once its pictures are stored, so an import that was killed is
 * completed by repeating it.
 */
export async function* importReferences(
  library: Library,
  galleries: Galleries,
  items: readonly ImportItem[],
  signal?: AbortSignal,
): AsyncGenerator<ImportOutcome> {
  const results = pMapIterable(items, (item) => importOne(library, galleries, item, signal), {
    // More than there are cores: every picture waits for the disk, too.
    concurrency: 2 * availableParallelism(),
  });
  for await (const outcome of results) yield outcome;
}

async function importOne(
  library: Library,
  galleries: Galleries,
  item: ImportItem,
  signal: AbortSignal | undefined,
): Promise<ImportOutcome> {
  signal?.throwIfAborted();
  try {
    const gallery = galleries.ensure(item.gallery);
    const sha256 = await sha256OfFile(item.file).catch((error: unknown) => {
      throw asPhotoError(item.file, error);
    });
    if (galleries.holds(gallery.id, sha256)) return { kind: 'duplicate', ...item };
    const size = await storePictures(item.file, sha256, library.paths);
    const added = galleries.add(gallery.id, { sha256, ...size }, path.basename(item.file));
    return { kind: added ? 'added' : 'duplicate', ...item };
  } catch (error) {
    const known = toRasrError(error, item.file);
    // A full disk or a read-only library refuses every file: stop at the first.
    if (known.code === 'NO_SPACE' || known.code === 'OUTPUT_UNWRITABLE') throw known;
    return { kind: 'refused', ...item, error: known };
  }
}

function galleryOf(file: FoundFile): string {
  const [first, ...rest] = path.relative(file.root, file.path).split(path.sep);
  return rest.length > 0 ? first! : path.basename(file.root);
}
