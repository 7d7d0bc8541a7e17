import type { Photo } from '../photo/photo.ts';
import type { Conditioning } from './generate.ts';
import { type GeneratorSettings, joinFeatures } from './generator.ts';
import type { RecordedReference, ReferenceDecision, RestorationRecord } from './record.ts';
import { type ReferenceChoice, selectReferences } from './references.ts';
import type { RestorationTools } from './restore.ts';
import { alignReference } from './same-object.ts';

/** What a photo is restored with, and how that came about. */
export interface Conditioned {
  readonly conditioning: Conditioning;
  readonly decision: ReferenceDecision;
  /** The references that are used: the one that shows the very same object, or else the nearest. */
  readonly used: readonly RecordedReference[];
  readonly search: RestorationRecord['search'];
}

/**
 * Finds a photo's references and prepares them. One of them may show the very same object: that is seen by
 * laying it on the photo, which is stronger evidence than similarity, so even a rejected candidate is tried.
 *
 * @param settings at strength 0 no reference is looked for
 * @returns to be given back by releasing `conditioning.sameObject`
 * @throws RasrError as `decodePhoto`, for the photo or a reference
 */
export async function conditionOn(
  photo: Photo,
  choice: ReferenceChoice,
  settings: GeneratorSettings,
  { generator, search, features, sameObject }: RestorationTools,
): Promise<Conditioned> {
  const { maxReferences } = generator.bundle.manifest.reference;
  const wanted: ReferenceChoice = settings.strength === 0 ? { kind: 'none' } : choice;
  const selection = await selectReferences(photo.file, wanted, maxReferences, search);
  const aligned =
    sameObject === null ? null : await alignReference(photo, selection.candidates, sameObject.aligner);
  // Beside the very same object, others of its kind have nothing to add (docs/decisions/0010).
  const nearest = aligned === null ? selection.candidates.filter((candidate) => candidate.accepted) : [];
  const encoded = await Promise.all(
    nearest.map(({ file, recorded }) => features.features(generator, recorded.sha256, file)),
  );
  return {
    conditioning: {
      features: encoded.length > 0 ? joinFeatures(encoded) : null,
      sameObject: sameObject === null || aligned === null ? null : { aligned, fusion: sameObject.fusion },
      settings,
    },
    decision: selection.decision === 'rejected' && aligned !== null ? 'found' : selection.decision,
    used: (aligned === null ? nearest : [aligned.reference]).map(({ recorded }) => recorded),
    search: selection.search,
  };
}
