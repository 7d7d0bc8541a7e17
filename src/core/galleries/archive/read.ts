import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { RasrError } from '../../errors.ts';
import type { Library } from '../../library/library.ts';
import { asVector, putVectors, type StoredVector } from '../../library/vector-tables.ts';
import type { Galleries, Gallery, StoredPicture } from '../galleries.ts';
import { measureProxy } from '../pictures.ts';
import type { ArchivedReference, ArchiveManifest } from './manifest.ts';
import { unpackArchive } from './unpack.ts';

/** What was left by a process that was killed this long ago is cleared away, in ms. */
const STALE_AFTER_MS = 24 * 3_600_000;

/**
 * Makes a gallery of an archive: under the name it had, or the next free one. Everything in it is checked before
 * the library is touched, and it is there as a whole or not at all. Embeddings are taken over where this library
 * knows the very retriever they are of; the others are made anew by the index.
 *
 * @param file absolute path
 * @param name what messages call the file
 * @throws RasrError as `unpackArchive`; `ARCHIVE_CORRUPT` also where a picture in it cannot be decoded
 */
export async function readArchive(
  library: Library,
  galleries: Galleries,
  file: string,
  name: string = path.basename(file),
): Promise<Gallery> {
  const { staging } = library.paths;
  await mkdir(staging, { recursive: true });
  await clearStale(staging);
  const folder = await mkdtemp(path.join(staging, 'import-'));
  const added: string[] = [];
  try {
    const manifest = await unpackArchive(file, folder, name);
    const pictures: StoredPicture[] = [];
    for (const [place, reference] of manifest.references.entries()) {
      pictures.push(await storePicture(library, path.join(folder, `${place}.jpg`), reference, name, added));
    }
    const vectors = await readVectors(manifest, folder);
    return library.database
      .transaction(() => {
        const gallery = galleries.create(galleries.freeName(manifest.gallery));
        for (const [place, { name: reference }] of manifest.references.entries()) {
          galleries.add(gallery.id, pictures[place]!, reference);
        }
        const ids = galleries.references(gallery.id).map(({ id }) => id);
        putVectors(
          library.database,
          vectors.map(({ place, ...vector }) => ({ ...vector, referenceId: ids[place]! })),
        );
        return galleries.get(gallery.id);
      })
      .immediate();
  } catch (error) {
    for (const picture of added) await rm(picture, { force: true });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Moves an unpacked picture to where the library keeps it; one that is there stays, and is the same. */
async function storePicture(
  { paths }: Library,
  unpacked: string,
  reference: ArchivedReference,
  name: string,
  added: string[],
): Promise<StoredPicture> {
  const { source } = reference;
  const proxy = paths.proxy(source);
  const known = existsSync(proxy);
  const stored = await measureProxy(known ? proxy : unpacked, source).catch((error: unknown) => {
    throw new RasrError(
      'ARCHIVE_CORRUPT',
      `${name} is damaged: the picture of ${reference.name} cannot be used.`,
      'Export the gallery once more. Nothing was imported.',
      { cause: error },
    );
  });
  if (!known) {
    added.push(proxy);
    await mkdir(path.dirname(proxy), { recursive: true });
    await rename(unpacked, proxy);
  }
  return { ...stored, sharpness: reference.sharpness ?? stored.sharpness };
}

type PlacedVector = Omit<StoredVector, 'referenceId'> & { readonly place: number };

async function readVectors({ embeddings }: ArchiveManifest, folder: string): Promise<PlacedVector[]> {
  const vectors: PlacedVector[] = [];
  for (const { model, dimension, of } of embeddings) {
    const bytes = await readFile(path.join(folder, model));
    for (const [row, place] of of.entries()) {
      const embedding = bytes.subarray(4 * dimension * row, 4 * dimension * (row + 1));
      // One that is no unit vector is made anew like one that is missing.
      if (isUnit(asVector(embedding))) vectors.push({ modelHash: model, place, embedding });
    }
  }
  return vectors;
}

function isUnit(vector: Float32Array): boolean {
  return Math.abs(Math.hypot(...vector) - 1) < 1e-3;
}

async function clearStale(staging: string): Promise<void> {
  for (const name of await readdir(staging)) {
    const left = path.join(staging, name);
    const info = await stat(left).catch(() => undefined);
    if (info !== undefined && Date.now() - info.mtimeMs > STALE_AFTER_MS) {
      await rm(left, { recursive: true, force: true });
    }
  }
}
