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

/** A reference to be used: where its picture is, and how the record names it. */
export interface UsedReference {
  readonly file: string;
  readonly recorded: RecordedReference;
}

/** What was decided for a photo, and why. */
export interface ReferenceSelection {
  readonly decision: ReferenceDecision;
  readonly used: readonly UsedReference[];
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
 * Decides which references a photo is restored with. A reference below the threshold is never used:
 * a wrong one must not make a photo worse.
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
  if (choice.kind === 'none') return { decision: 'off', used: [], search: null };
  if (choice.kind === 'file') {
    const sha256 = await sha256OfFile(choice.file).catch((error: unknown) => {
      throw asPhotoError(choice.file, error);
    });
    const recorded = { gallery: null, name: path.basename(choice.file), sha256, similarity: null };
    return { decision: 'chosen', used: [{ file: choice.file, recorded }], search: null };
  }
  const matches = await search.find(photo, choice.galleryId, count);
  const recorded = matches.map(asRecorded);
  const used = matches
    .map(({ accepted, reference }, i) => ({
      accepted,
      file: search.pictureOf(reference.sha256),
      recorded: recorded[i]!,
    }))
    .filter(({ accepted }) => accepted);
  return {
    decision: used.length > 0 ? 'found' : matches.length > 0 ? 'rejected' : 'empty',
    used,
    search: { best: recorded[0] ?? null, threshold: search.threshold },
  };
}

function asRecorded({ reference, similarity }: Match): RecordedReference {
  return { gallery: reference.gallery, name: reference.name, sha256: reference.sha256, similarity };
}
