import type { Galleries, Reference } from '../galleries/galleries.ts';
import { type Closeness, closeness, type SimilarityScale } from './closeness.ts';
import type { Retriever } from './retriever.ts';
import type { Neighbour, VectorIndex } from './vector-index.ts';

/** A reference found for a photo. */
export interface Match {
  readonly reference: Reference;
  /** Cosine similarity of the embeddings, −1…1. */
  readonly similarity: number;
  /** Whether it reaches the calibrated threshold. */
  readonly accepted: boolean;
  /** What the similarity means. */
  readonly closeness: Closeness;
}

/** What a search may look through. */
export interface SearchScope {
  /** One gallery, or null for all of them. */
  readonly galleryId: number | null;
  /** How many references at most, beside those of `always`. */
  readonly count: number;
  /** Ids of references that come first, in this order, whatever their similarity. */
  readonly always?: readonly number[];
  /** Ids of references that do not come, and neither do the same pictures in other galleries. */
  readonly never?: readonly number[];
}

/**
 * R(x_lr, D) of the paper (Eq. 1): embeds the photo and returns the nearest references, best first, each
 * marked accepted or rejected by the calibrated threshold.
 *
 * @throws RasrError as `decodePhoto`; `REFERENCE_MISSING` where one of `always` was removed
 */
export async function search(
  photo: string,
  { galleryId, count, always = [], never = [] }: SearchScope,
  retriever: Retriever,
  index: VectorIndex,
  galleries: Galleries,
  scale: SimilarityScale,
): Promise<Match[]> {
  await index.complete();
  const queries = await retriever.embedQuery(photo);
  const passedOver = new Set(galleries.samePictures([...always, ...never]));
  const wanted = count === 0 ? 0 : count + passedOver.size;
  const found = bestOfEach(queries.map((query) => index.nearest(query, wanted, galleryId)))
    .filter(({ referenceId }) => !passedOver.has(referenceId))
    .slice(0, count);
  return [...always.map((id) => likeness(queries, id, index)), ...found].map(
    ({ referenceId, similarity }) => ({
      reference: galleries.reference(referenceId),
      similarity,
      accepted: similarity >= scale.threshold,
      closeness: closeness(similarity, scale),
    }),
  );
}

/** How like a reference is to the best of several queries; −1 where its picture could not be embedded. */
export function likeness(
  queries: readonly Float32Array[],
  referenceId: number,
  index: VectorIndex,
): Neighbour {
  const similarities = queries.map((query) => index.similarity(query, referenceId) ?? -1);
  return { referenceId, similarity: Math.max(...similarities) };
}

/** Merges the lists of several queries: each reference once, with its best similarity, best first. */
export function bestOfEach(lists: readonly Neighbour[][]): Neighbour[] {
  const best = new Map<number, Neighbour>();
  for (const neighbour of lists.flat()) {
    const known = best.get(neighbour.referenceId);
    if (known === undefined || known.similarity < neighbour.similarity)
      best.set(neighbour.referenceId, neighbour);
  }
  return [...best.values()].sort((a, b) => b.similarity - a.similarity);
}
