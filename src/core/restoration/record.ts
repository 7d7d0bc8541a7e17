import type { Bundle } from '../models/bundle.ts';
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
  /** Cosine similarity to the photo, or null where the user chose it. */
  readonly similarity: number | null;
}

/** Why a restoration did or did not use a reference. */
export type ReferenceDecision =
  /** Found in a gallery, above the threshold. */
  | 'found'
  /** Named by the user. */
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
  /** The best reference of the search and the threshold it was held against; null where none was searched. */
  readonly search: { readonly best: RecordedReference | null; readonly threshold: number } | null;
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
