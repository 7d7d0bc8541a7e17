/** What cosine similarities mean under one retriever, from calibration. Each −1…1. */
export interface SimilarityScale {
  /** Below it a reference is rejected. */
  readonly threshold: number;
  /** One photo in a hundred comes as near whose thing no gallery holds. */
  readonly sameKind: number;
  /** One picture in twenty comes as near that shows another object of the kind; null where that is not known. */
  readonly sameObject: number | null;
}

/** How close a reference is to a photo. All but `rejected` may be used. */
export type Closeness = 'same object' | 'same kind' | 'weak' | 'rejected';

/** What a similarity means. */
export function closeness(similarity: number, scale: SimilarityScale): Closeness {
  if (similarity < scale.threshold) return 'rejected';
  if (scale.sameObject !== null && similarity >= scale.sameObject) return 'same object';
  return similarity >= scale.sameKind ? 'same kind' : 'weak';
}
