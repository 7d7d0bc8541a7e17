import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Library } from '../library/library.ts';
import type { RetrieverBundle } from '../models/bundle.ts';
import { bundleScale, type CalibrationSamples, calibrate, MIN_SAMPLES } from './calibration.ts';
import type { SimilarityScale } from './closeness.ts';
import { poorShot } from './poor-shot.ts';
import type { Retriever } from './retriever.ts';
import type { Neighbour, VectorIndex } from './vector-index.ts';

/** References photographed poorly: from 299 on, the largest of them bounds the 99 % quantile too. */
const MAX_SAMPLES = 300;
/** A library that has grown or shrunk by this factor is measured again. */
const CHANGED = 1.5;

interface Sampled {
  readonly id: number;
  readonly galleryId: number;
  readonly sha256: string;
}

/** What similarities mean under a retriever: as measured on the library's own galleries, or as its bundle says. */
export function scaleOf(library: Library, { hash, manifest }: RetrieverBundle): SimilarityScale {
  const stored = library.database
    .prepare<[string], SimilarityScale>(
      `SELECT threshold, same_kind AS sameKind, same_object AS sameObject
       FROM calibration WHERE model_hash = ?`,
    )
    .get(hash);
  return stored ?? bundleScale(manifest.calibration);
}

/**
 * Measures what similarities mean on the library's own galleries where that was never done or they have
 * changed much since: leaves a reference out, photographs it poorly and looks for it.
 *
 * @param index complete
 * @param onProgress receives the number of photos looked for, and of how many
 */
export async function calibrateLibrary(
  library: Library,
  retriever: Retriever,
  index: VectorIndex,
  onProgress?: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { hash, manifest } = retriever.bundle;
  const held = library.database.prepare<[], number>('SELECT count(*) FROM reference').pluck().get()!;
  if (!isDue(library, hash, held)) return;
  const sampled = sample(library);
  const samples = await measure(sampled, library, retriever, index, onProgress, signal);
  const scale = calibrate(samples, manifest.calibration);
  if (scale === null) {
    library.database.prepare('DELETE FROM calibration WHERE model_hash = ?').run(hash);
    return;
  }
  library.database
    .prepare(
      `INSERT OR REPLACE INTO calibration
         (model_hash, threshold, same_kind, same_object, queries, held, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      hash,
      scale.threshold,
      scale.sameKind,
      scale.sameObject,
      samples.own.length,
      held,
      new Date().toISOString(),
    );
}

function isDue(library: Library, hash: string, held: number): boolean {
  const before = library.database
    .prepare<[string], number>('SELECT held FROM calibration WHERE model_hash = ?')
    .pluck()
    .get(hash);
  if (before === undefined) return held >= MIN_SAMPLES;
  return held > before * CHANGED || held < before / CHANGED;
}

/** References of every gallery in turn, in the order of their hashes: as good as by chance, and always the same. */
function sample(library: Library): Sampled[] {
  return library.database
    .prepare<[number], Sampled>(
      `SELECT id, gallery_id AS galleryId, sha256 FROM
         (SELECT *, row_number() OVER (PARTITION BY gallery_id ORDER BY sha256) AS turn FROM reference)
       ORDER BY turn, sha256 LIMIT ?`,
    )
    .all(MAX_SAMPLES);
}

async function measure(
  sampled: readonly Sampled[],
  library: Library,
  retriever: Retriever,
  index: VectorIndex,
  onProgress: ((done: number, total: number) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<CalibrationSamples> {
  const samples = { own: [] as number[], sameGallery: [] as number[], otherGalleries: [] as number[] };
  const folder = await mkdtemp(path.join(tmpdir(), 'rasr-calibration-'));
  try {
    for (const [i, reference] of sampled.entries()) {
      signal?.throwIfAborted();
      const shot = await poorShot(library.paths.proxy(reference.sha256), i).catch(() => null);
      // A damaged picture is no reference; others stand for it.
      if (shot === null) continue;
      const file = path.join(folder, 'shot.jpg');
      await writeFile(file, shot);
      const found = await look(reference, await retriever.embedQuery(file), library, index);
      if (found.own !== undefined) samples.own.push(found.own);
      if (found.sameGallery !== undefined) samples.sameGallery.push(found.sameGallery);
      if (found.otherGalleries !== undefined) samples.otherGalleries.push(found.otherGalleries);
      onProgress?.(i + 1, sampled.length);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return samples;
}

interface Found {
  readonly own: number | undefined;
  readonly sameGallery: number | undefined;
  readonly otherGalleries: number | undefined;
}

/** The best similarities of a reference's poor photo, over all crops of it. */
async function look(
  { id, galleryId, sha256 }: Sampled,
  queries: readonly Float32Array[],
  library: Library,
  index: VectorIndex,
): Promise<Found> {
  const copies = new Set(
    library.database
      .prepare<[string], number>('SELECT id FROM reference WHERE sha256 = ?')
      .pluck()
      .all(sha256),
  );
  const bestOf = (find: (query: Float32Array) => Neighbour[]) =>
    best(queries.flatMap(find).filter(({ referenceId }) => !copies.has(referenceId)));
  return {
    own: best(queries.map((query) => ({ similarity: index.similarity(query, id) }))),
    sameGallery: bestOf((query) => index.nearest(query, 2, galleryId)),
    otherGalleries: bestOf((query) => index.nearestElsewhere(query, copies.size, galleryId)),
  };
}

function best(found: readonly { readonly similarity: number | undefined }[]): number | undefined {
  const known = found.flatMap(({ similarity }) => (similarity === undefined ? [] : [similarity]));
  return known.length === 0 ? undefined : Math.max(...known);
}
