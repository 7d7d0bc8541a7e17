import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { create } from 'tar';
import { RasrError } from '../../errors.ts';
import { type IfExists, writeFileAtomically } from '../../files/atomic-write.ts';
import { sha256Of, sha256OfFile } from '../../files/hash.ts';
import type { Library } from '../../library/library.ts';
import { vectorsOf } from '../../library/vector-tables.ts';
import type { Galleries, Reference } from '../galleries.ts';
import {
  type ArchivedEmbeddings,
  type ArchivedReference,
  type ArchiveManifest,
  embeddingsPath,
  MANIFEST,
  picturePath,
} from './manifest.ts';

/**
 * Writes a gallery into one file, for another library: its pictures as they are stored, what is known of them, and
 * their embeddings.
 *
 * @param destination absolute path
 * @param tool name and version of the app
 * @throws RasrError `GALLERY_MISSING`, `FILE_MISSING` where a picture is, or as `writeFileAtomically`
 */
export async function writeArchive(
  library: Library,
  galleries: Galleries,
  galleryId: number,
  destination: string,
  ifExists: IfExists,
  tool: string,
): Promise<void> {
  const { name } = galleries.get(galleryId);
  const references = galleries.references(galleryId);
  const { root } = library.paths;
  await mkdir(library.paths.staging, { recursive: true });
  const staging = await mkdtemp(path.join(library.paths.staging, 'export-'));
  try {
    // Names in the archive, by the files they are made from.
    const names = new Map<string, string>();
    const put = (file: string, inArchive: string) => names.set(path.relative(root, file), inArchive);
    put(path.join(staging, MANIFEST), MANIFEST);
    const embeddings: ArchivedEmbeddings[] = [];
    for (const { bytes, ...matrix } of embeddingsOf(library, references)) {
      const file = path.join(staging, matrix.model);
      await writeFile(file, bytes);
      put(file, embeddingsPath(matrix));
      embeddings.push(matrix);
    }
    const archived: ArchivedReference[] = [];
    for (const reference of references) {
      const proxy = library.paths.proxy(reference.sha256);
      const one = await archivedReference(reference, proxy);
      archived.push(one);
      put(proxy, picturePath(one));
    }
    const manifest: ArchiveManifest = {
      format: 'rasr-gallery',
      version: 1,
      tool,
      gallery: name,
      exportedAt: new Date().toISOString(),
      references: archived,
      embeddings,
    };
    await writeFile(path.join(staging, MANIFEST), JSON.stringify(manifest));
    await writeFileAtomically(destination, ifExists, (temporary) =>
      create(
        {
          file: temporary,
          cwd: root,
          portable: true,
          onWriteEntry(entry) {
            entry.path = names.get(path.normalize(entry.path)) ?? entry.path;
          },
        },
        [...names.keys()],
      ),
    );
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function archivedReference(reference: Reference, proxy: string): Promise<ArchivedReference> {
  const { name, sha256: source, sharpness, createdAt: addedAt } = reference;
  try {
    const { size } = await stat(proxy);
    return { name, source, addedAt, sharpness, picture: { bytes: size, sha256: await sha256OfFile(proxy) } };
  } catch (error) {
    throw new RasrError(
      'FILE_MISSING',
      `The stored picture of ${name} cannot be read.`,
      'Remove this reference, or add it again, then export once more.',
      { cause: error },
    );
  }
}

function embeddingsOf(
  { database }: Library,
  references: readonly Reference[],
): (ArchivedEmbeddings & { bytes: Buffer })[] {
  const places = new Map(references.map(({ id }, place) => [id, place]));
  const vectors = vectorsOf(database, [...places.keys()]);
  return [...Map.groupBy(vectors, ({ modelHash }) => modelHash)].map(([model, ofModel]) => {
    const bytes = Buffer.concat(ofModel.map(({ embedding }) => embedding));
    return {
      model,
      dimension: ofModel[0]!.embedding.length / 4,
      of: ofModel.map(({ referenceId }) => places.get(referenceId)!),
      sha256: sha256Of(bytes),
      bytes,
    };
  });
}
