import type { Engine } from '../core/engine.ts';
import type { Reference } from '../core/galleries/galleries.ts';
import type { Import, ImportChange, ImportFile } from '../core/galleries/imports.ts';
import type { Closeness } from '../core/retrieval/closeness.ts';
import type { Likeness } from '../core/retrieval/likeness.ts';
import type { Match } from '../core/retrieval/search.ts';

/** What the renderer is told of imports. The first event of a subscription is the snapshot. */
export type ImportEvent =
  | { readonly kind: 'snapshot'; readonly imports: readonly Import[]; readonly files: readonly ImportFile[] }
  | ImportChange;

/** A reference found for a photo. */
export interface MatchView {
  readonly reference: Reference;
  /** Cosine similarity, −1…1. */
  readonly similarity: number;
  readonly closeness: Closeness;
}

export function matchView({ reference, similarity, closeness }: Match): MatchView {
  return { reference, similarity, closeness };
}

/** How the references of a gallery resemble one another. */
export interface LikenessView extends Likeness {
  /** As of the engine's, the best of each group first: the largest, and of those the sharpest. */
  readonly nearDuplicates: readonly (readonly number[])[];
}

export function likenessView({ galleries }: Engine, likeness: Likeness): LikenessView {
  const groups = likeness.nearDuplicates.map((ids) =>
    galleries
      .some(ids)
      .sort((a, b) => b.width * b.height - a.width * a.height || (b.sharpness ?? 0) - (a.sharpness ?? 0))
      .map(({ id }) => id),
  );
  return { ...likeness, nearDuplicates: groups };
}
