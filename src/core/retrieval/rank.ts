import type { Galleries } from '../galleries/galleries.ts';
import { closeness, type SimilarityScale } from './closeness.ts';
import type { Retriever } from './retriever.ts';
import { bestOfEach, likeness, type Match } from './search.ts';
import type { VectorIndex } from './vector-index.ts';

/** What of the galleries is to be ranked. */
export interface RankScope {
  /** One gallery, or null for all of them. */
  readonly galleryId: number | null;
  /** Part of the reference's or its gallery's name, in any case; empty for all. */
  readonly text: string;
  /** How many references at most, 1…4096. */
  readonly limit: number;
}

/** References in the order of their likeness to a photo. */
export interface Ranking {
  /** How many there are, ranked or not. */
  readonly total: number;
  readonly matches: readonly Match[];
}

/**
 * Puts references in the order of their likeness to a photo, for somebody who chooses by eye.
 *
 * @throws RasrError as `decodePhoto`
 */
export async function rank(
  photo: string,
  { galleryId, text, limit }: RankScope,
  retriever: Retriever,
  index: VectorIndex,
  galleries: Galleries,
  scale: SimilarityScale,
): Promise<Ranking> {
  await index.complete();
  const queries = await retriever.embedQuery(photo);
  const named = galleries.named(text, galleryId);
  const references = new Map(named.map((reference) => [reference.id, reference]));
  // Among all of them the index knows the nearest; few that bear a name are compared one by one.
  const nearest =
    text.trim() === ''
      ? bestOfEach(queries.map((query) => index.nearest(query, limit, galleryId)))
      : named
          .slice(0, limit)
          .map(({ id }) => likeness(queries, id, index))
          .sort((a, b) => b.similarity - a.similarity);
  const matches = nearest.slice(0, limit).flatMap(({ referenceId, similarity }) => {
    const reference = references.get(referenceId);
    if (reference === undefined) return [];
    const accepted = similarity >= scale.threshold;
    return [{ reference, similarity, accepted, closeness: closeness(similarity, scale) }];
  });
  return { total: named.length, matches };
}
