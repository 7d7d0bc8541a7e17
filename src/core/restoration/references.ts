import path from 'node:path';
import { sha256OfFile } from '../files/hash.ts';
import { asPhotoError } from '../photo/decode.ts';
import type { Match, SearchScope } from '../retrieval/search.ts';
import type { RecordedReference, RecordedSearch, ReferenceDecision } from './record.ts';

/** Which references a restoration may use. */
export type ReferenceChoice =
  /** Search one gallery, or all of them where `galleryId` is null. */
  | {
      readonly kind: 'find';
      readonly galleryId: number | null;
      /** Ids of references to use whatever their similarity, beside those found. */
      readonly pinned?: readonly number[] | undefined;
      /** Ids of references not to use. */
      readonly excluded?: readonly number[] | undefined;
    }
  /** Use these references of the library, by their ids. */
  | { readonly kind: 'chosen'; readonly referenceIds: readonly number[] }
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
  readonly search: RecordedSearch | null;
}

/** Search through the user's galleries, as the engine offers it. */
export interface ReferenceSearch {
  readonly threshold: number;
  find(photo: string, scope: SearchScope): Promise<Match[]>;
  /** The stored picture of a reference. */
  pictureOf(sha256: string): string;
}

/**
 * Decides which references a photo may be restored with. A reference below the threshold lends no texture: a
 * wrong one must not make a photo worse. It stays a candidate for showing the very same object. What the user
 * decided on is used; where that is more than the generator takes, those most like the photo are.
 *
 * @param count how many references the generator takes
 * @throws RasrError as `decodePhoto`, for the photo or the chosen file; `REFERENCE_MISSING`
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
  const wanted = choice.kind === 'chosen' ? choice.referenceIds : (choice.pinned ?? []);
  const excluded = choice.kind === 'chosen' ? [] : (choice.excluded ?? []);
  const matches = await search.find(photo, {
    galleryId: choice.kind === 'chosen' ? null : choice.galleryId,
    count: choice.kind === 'chosen' ? 0 : count,
    always: wanted,
    never: excluded,
  });
  const byHand = matches.slice(0, wanted.length).toSorted((a, b) => b.similarity - a.similarity);
  const found = matches.slice(wanted.length);
  const how = choice.kind === 'chosen' ? 'chosen' : 'pinned';
  const candidates = [
    ...byHand.map((match) => ({
      match,
      recorded: { ...asRecorded(match), byHand: how } as const,
      accepted: true,
    })),
    ...found.map((match) => ({ match, recorded: asRecorded(match), accepted: match.accepted })),
  ]
    .slice(0, count)
    .map(({ match, ...candidate }) => ({ ...candidate, file: search.pictureOf(match.reference.sha256) }));
  return {
    decision: byHand.length > 0 ? 'chosen' : decisionOn(found),
    candidates,
    search: {
      best: found[0] === undefined ? null : asRecorded(found[0]),
      threshold: search.threshold,
      ...(excluded.length > 0 ? { excluded: excluded.length } : {}),
    },
  };
}

function decisionOn(found: readonly Match[]): ReferenceDecision {
  if (found.length === 0) return 'empty';
  return found.some(({ accepted }) => accepted) ? 'found' : 'rejected';
}

function asRecorded({ reference, similarity, closeness }: Match): RecordedReference {
  const { gallery, name, sha256 } = reference;
  return { gallery, name, sha256, similarity, closeness };
}
