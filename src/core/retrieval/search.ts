import type { Galleries, Reference } from '../galleries/galleries.ts';
import type { Retriever } from './retriever.ts';
import type { VectorIndex } from './vector-index.ts';

/** A reference found for a photo. */
export interface Match {
  readonly reference: Reference;
  /** Cosine similarity of the embeddings, −1…1. */
  readonly similarity: number;
  /** Whether it reaches the retriever's calibrated threshold. */
  readonly accepted: boolean;
}

/** What a search may look through. */
export interface SearchScope {
  /** One gallery, or null for all of them. */
  readonly galleryId: number | null;
  /** How many references at most. */
  readonly count: number;
}

/**
 * R(x_lr, D) of the paper (Eq. 1): embeds the photo and returns the nearest references, best first,
 * each marked accepted or rejected by the bundle's calibrated threshold.
 *
 * @throws RasrError as `decodePhoto`
 */
export async function search(
  photo: string,
  scope: SearchScope,
  retriever: Retriever,
  index: VectorIndex,
  galleries: Galleries,
): Promise<Match[]> {
  await index.complete();
  const [query] = await retriever.embed([photo]);
  const { threshold } = retriever.bundle.manifest.calibration;
  return index.nearest(query!, scope.count, scope.galleryId).map(({ referenceId, similarity }) => ({
    reference: galleries.reference(referenceId),
    similarity,
    accepted: similarity >= threshold,
  }));
}
