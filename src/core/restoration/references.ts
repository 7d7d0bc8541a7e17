import path from 'node:path';
import { sha256OfFile } from '../files/hash.ts';
import { asPhotoError } from '../photo/decode.ts';
import type { Match } from '../retrieval/search.ts';
import type { RecordedReference, ReferenceDecision, RestorationRecord } from './record.ts';

/** Which references a restoration may use. */
export type ReferenceChoice =
  /** Search one gallery, or all of them where `galleryId` is null. */
  | { readonly kind: 'find'; readonly galleryId: number | null }
  /** Use this image file. */
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'none' };

/** A reference that may be used: where its picture is, and how the record names it. */
export interface CandidateReference {
  readonly file: string;
  readonly recorded: RecordedReference;
  /** Whether it may lend its texture: it is similar enough, or the user chose it. */
  readonly accepted: boolean;
}

/** What was decided for a photo, and why. */
export interface ReferenceSelection {
  readonly decision: ReferenceDecision;
  /** Nearest first; accepted ones before the others. */
  readonly candidates: readonly CandidateReference[];
  readonly search: RestorationRecord['search'];
}

/** Search through the user's galleries, as the engine offers it. */
export interface ReferenceSearch {
  readonly threshold: number;
  find(photo: string, galleryId: number | null, count: number): Promise<Match[]>;
  /** The stored picture of a reference. */
  pictureOf(sha256: string): string;
}

/**
 * Decides which references a photo may be restored with. A reference below the threshold lends no texture: a
 * wrong one must not make a photo worse. It stays a candidate for showing the very same object.
 *
 * @param count how many references the generator takes
 * @throws RasrError as `decodePhoto`, for the photo or the chosen reference
 */
export async function selectReferences(
  photo: string,
  choice: ReferenceChoice,
  count: number,
  search: ReferenceSearch,
): Promise<ReferenceSelection> {
  if (choice.kind === 'none') return { decision: 'off', candidates: [], search: null };
  if (choice.kind === 'file') {
    const sha256 = await sha256OfFile(choice.file).catch((error: unknown) => {
      throw asPhotoError(choice.file, error);
    });
    const recorded = { gallery: null, name: path.basename(choice.file), sha256, similarity: null };
    return {
      decision: 'chosen',
      candidates: [{ file: choice.file, recorded, accepted: true }],
      search: null,
    };
  }
  const matches = await search.find(photo, choice.galleryId, count);
  const candidates = matches.map((match) => ({
    file: search.pictureOf(match.reference.sha256),
    recorded: asRecorded(match),
    accepted: match.accepted,
  }));
  const found = candidates.some(({ accepted }) => accepted);
  return {
    decision: found ? 'found' : matches.length > 0 ? 'rejected' : 'empty',
    candidates,
    search: { best: candidates[0]?.recorded ?? null, threshold: search.threshold },
  };
}

function asRecorded({ reference, similarity, closeness }: Match): RecordedReference {
  const { gallery, name, sha256 } = reference;
  return { gallery, name, sha256, similarity, closeness };
}
