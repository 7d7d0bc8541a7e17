import type { JobView } from '../../api/views.ts';

type Decision = NonNullable<JobView['record']>['decision'];

type Reference = NonNullable<JobView['record']>['references'][number];

type SameObject = NonNullable<NonNullable<JobView['record']>['sameObject']>;

const CLOSENESS_WORDS: { [Closeness in Exclude<NonNullable<Reference['closeness']>, 'rejected'>]: string } = {
  'same object': 'Probably the same object',
  'same kind': 'Same kind',
  weak: 'Weak likeness',
};

/** How close a reference is to the photo, in calibrated words and as a number; records of earlier versions have the number alone. */
export function closenessWords(
  similarity: number,
  threshold: number,
  closeness: Reference['closeness'],
): string {
  const number = similarity.toFixed(2);
  if (similarity < threshold) return `Similarity ${number}, needs ${threshold.toFixed(2)}`;
  if (closeness === undefined || closeness === 'rejected') return `Similarity ${number}`;
  return `${CLOSENESS_WORDS[closeness]}, ${number}`;
}

/** What the words of closeness rest on. */
export function closenessMeaning(closeness: Reference['closeness']): string | undefined {
  switch (closeness) {
    case 'same object':
      return 'Other objects of the kind seldom come so near.';
    case 'same kind':
      return 'Things of another kind seldom come so near.';
    case 'weak':
      return 'Near enough to be used, but now and then a thing of another kind comes as near: look twice.';
    case 'rejected':
    case undefined:
      return undefined;
  }
}

/** A share 0…1 in per cent. */
export function percentWords(share: number): string {
  return share > 0 && share < 0.005 ? 'less than 1 %' : `${Math.round(share * 100)} %`;
}

/** How much of the picture came from the reference that shows the very same object. */
export function sameObjectWords({ used, overlap }: SameObject, reference: string): string {
  return `${percentWords(used)} of the picture comes from ${reference}, which covers ${percentWords(overlap)} of it.`;
}

/** How far the output agrees with the photo; the bounds are those of the engine's fidelity figure. */
export function fidelityWords(decibels: number): string {
  if (decibels >= 30) return 'Faithful to the photo';
  return decibels >= 24 ? 'Close to the photo' : 'Differs from the photo';
}

/** Why no reference was used; undefined where one was. */
export function withoutReference(decision: Decision): string | undefined {
  switch (decision) {
    case 'found':
    case 'chosen':
      return undefined;
    case 'off':
      return 'You asked for none.';
    case 'empty':
      return 'There are no references to compare with yet.';
    case 'rejected':
      return 'Nothing in your galleries is close enough, and a wrong reference would do harm. The nearest was:';
  }
}

/** A size in pixels as people write it. */
export function sizeWords({ width, height }: { width: number; height: number }): string {
  return `${width} × ${height}`;
}

const FORMAT_WORDS: { [Format in JobView['settings']['format']]: string } = {
  keep: 'same format as the photo',
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  tiff: 'TIFF',
  avif: 'AVIF',
};

/** What the user chose for a job, in one line. */
export function settingsWords(
  { gallery, scale, referenceStrength, format }: JobView['settings'],
  galleryName?: string,
): string {
  const strength =
    gallery === 'none' || referenceStrength === 1 ? '' : ` at ${percentWords(referenceStrength)} strength`;
  const references =
    gallery === 'find'
      ? 'Find the best reference'
      : gallery === 'none'
        ? 'No reference'
        : `References from ${galleryName ?? 'a gallery that was removed'}`;
  return `${references}${strength}, ×${scale}, ${FORMAT_WORDS[format]}`;
}
