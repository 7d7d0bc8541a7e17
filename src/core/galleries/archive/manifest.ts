import { z } from 'zod';

/*
 * A gallery in one file: a tar archive of `manifest.json`, then one file a picture and one a retriever's
 * embeddings, each with its size and hash in the manifest. Nothing else may be in it.
 */

/** Name of the manifest, which is the archive's first entry. */
export const MANIFEST = 'manifest.json';
/** Ending of the file. */
export const ARCHIVE_EXTENSION = '.rasr-gallery';

/** A file name made of a gallery's name. */
export function archiveName(gallery: string): string {
  return `${gallery.replace(/[\\/:*?"<>|]/g, '-')}${ARCHIVE_EXTENSION}`;
}

/** Bytes of a manifest: 100,000 references with names of 200 characters. */
export const MAX_MANIFEST_BYTES = 64_000_000;
const MAX_REFERENCES = 100_000;
/** Bytes of a stored picture: 2048 × 2048 pixels, uncompressed, are 12.6 MB. */
const MAX_PICTURE_BYTES = 16_000_000;
const MAX_DIMENSION = 8192;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const reference = z.strictObject({
  name: z.string().min(1).max(1000),
  /** Hash of the file the picture was made from: by it a library knows the picture. */
  source: sha256,
  addedAt: z.iso.datetime(),
  sharpness: z.number().min(0).max(1).nullable(),
  picture: z.strictObject({ bytes: z.int().min(1).max(MAX_PICTURE_BYTES), sha256 }),
});

const embeddings = z.strictObject({
  /** Hash of the retriever's bundle. */
  model: z.string().regex(/^[0-9a-f]{8,64}$/),
  dimension: z.int().min(1).max(MAX_DIMENSION),
  /** Which of the references have one, by their place in the list. */
  of: z.array(z.int().min(0)).min(1).max(MAX_REFERENCES),
  sha256,
});

export const archiveManifest = z
  .strictObject({
    format: z.literal('rasr-gallery'),
    version: z.literal(1),
    tool: z.string().max(200),
    gallery: z.string().min(1).max(120),
    exportedAt: z.iso.datetime(),
    references: z.array(reference).max(MAX_REFERENCES),
    embeddings: z.array(embeddings).max(16),
  })
  .refine(
    ({ references }) => new Set(references.map(({ source }) => source)).size === references.length,
    'a picture is listed twice',
  )
  .refine(
    ({ references, embeddings }) =>
      embeddings.every(({ of }) => of.every((place) => place < references.length)),
    'an embedding belongs to no reference',
  )
  .refine(
    ({ embeddings }) => new Set(embeddings.map(({ model }) => model)).size === embeddings.length,
    'a retriever is listed twice',
  );
export type ArchiveManifest = z.infer<typeof archiveManifest>;
export type ArchivedReference = ArchiveManifest['references'][number];
export type ArchivedEmbeddings = ArchiveManifest['embeddings'][number];

/** Where a reference's picture is in the archive. */
export function picturePath({ source }: Pick<ArchivedReference, 'source'>): string {
  return `pictures/${source}.jpg`;
}

/** Where a retriever's embeddings are: little-endian float32, one vector after another. */
export function embeddingsPath({ model }: Pick<ArchivedEmbeddings, 'model'>): string {
  return `embeddings/${model}.f32`;
}

/** Size of a retriever's embeddings in bytes. */
export function embeddingsBytes({ dimension, of }: Pick<ArchivedEmbeddings, 'dimension' | 'of'>): number {
  return 4 * dimension * of.length;
}
