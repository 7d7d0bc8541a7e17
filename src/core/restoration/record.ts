import type { Bundle } from '../models/bundle.ts';
import type { Closeness } from '../retrieval/closeness.ts';
import type { OutputScale } from './plan.ts';

/** A model as the record names it. */
export interface RecordedModel {
  readonly id: string;
  readonly version: string;
  /** Hash over the bundle's weights. */
  readonly hash: string;
}

/** A reference as the record names it. */
export interface RecordedReference {
  /** Its gallery, or null where the user named a file. */
  readonly gallery: string | null;
  readonly name: string;
  readonly sha256: string;
  /** Cosine similarity to the photo, or null where the user named a file. */
  readonly similarity: number | null;
  /** What the similarity meant then; absent where the user named a file, and in records of earlier versions. */
  readonly closeness?: Closeness;
  /** How the user decided on it: `pinned` beside what was found, `chosen` instead; absent where it was found. */
  readonly byHand?: 'pinned' | 'chosen';
}

/** What a search for references came to. */
export interface RecordedSearch {
  /** The nearest reference found; null where there was none, or only those were used that the user chose. */
  readonly best: RecordedReference | null;
  /** Cosine similarity from which on a reference is used. */
  readonly threshold: number;
  /** How many references the user excluded; absent where that was none. */
  readonly excluded?: number;
}

/** How a reference of the very same object was laid on the photo and used. */
export interface RecordedSameObject {
  /** Hash of the reference, which is one of the record's. */
  readonly sha256: string;
  readonly fusion: RecordedModel;
  /** Share of the photo that the reference covers, 0…1. */
  readonly overlap: number;
  /** Share of the output that came from it, 0…1: it is not trusted where it disagrees with the photo. */
  readonly used: number;
  /** Matched features that agree. */
  readonly inliers: number;
  /** Correlation with the photo where they overlap, −1…1. */
  readonly correlation: number;
  /**
   * Where it lies: the projective map from shares of the photo's sides, 0…1 from edge to edge, to shares of the
   * reference's, as nine numbers row by row. Absent in records of earlier versions.
   */
  readonly toReference?: readonly number[];
  /** Small grey PNG in base64, white where the output came from the reference. Not in the XMP. */
  readonly weightMap: string;
}

/** Why a restoration did or did not use a reference. */
export type ReferenceDecision =
  /** Found in a gallery: above the threshold, or showing the very same object. */
  | 'found'
  /** The user decided on one at least, from a gallery or by a file. */
  | 'chosen'
  /** The best one was below the threshold, and was not used. */
  | 'rejected'
  /** There was no reference to compare with. */
  | 'empty'
  /** The user wanted none. */
  | 'off';

/** How an output came to be. Written beside it as JSON and into its XMP; it has no paths in it. */
export interface RestorationRecord {
  readonly schemaVersion: 1;
  readonly tool: string;
  readonly createdAt: string;
  readonly photo: {
    readonly name: string;
    readonly sha256: string;
    readonly width: number;
    readonly height: number;
  };
  readonly output: { readonly name: string; readonly width: number; readonly height: number };
  readonly scale: OutputScale;
  readonly decision: ReferenceDecision;
  /** The references used; empty unless `decision` is `found` or `chosen`. */
  readonly references: readonly RecordedReference[];
  /** The reference that shows the very same object and was fused; null where none does. */
  readonly sameObject: RecordedSameObject | null;
  /** How much references counted, 0…1. */
  readonly referenceStrength: number;
  /** How much detail was invented, 0…1; null where the generator has no such setting. */
  readonly detail: number | null;
  /** What the references were held against; null where none was searched. */
  readonly search: RecordedSearch | null;
  readonly generator: RecordedModel;
  readonly retriever: RecordedModel | null;
  readonly device: string;
  readonly tiles: number;
  /** PSNR in dB of the output averaged down against the photo. */
  readonly fidelity: number;
  /** Wall-clock seconds from decoding to the finished picture, before it is encoded. */
  readonly seconds: number;
}

/** A bundle as the record names it. */
export function recordedModel({ manifest, hash }: Bundle): RecordedModel {
  return { id: manifest.id, version: manifest.version, hash };
}
