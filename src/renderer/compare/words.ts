import type { JobView } from '../../api/views.ts';

type Decision = NonNullable<JobView['record']>['decision'];

/** How alike a photo and a reference are, in words and as a number. The words measure from the threshold up. */
export function closenessWords(similarity: number, threshold: number): string {
  const number = similarity.toFixed(2);
  const share = (similarity - threshold) / (1 - threshold);
  if (share < 0) return `Similarity ${number}, needs ${threshold.toFixed(2)}`;
  if (share < 0.4) return `Similar, ${number}`;
  return share < 0.8 ? `Very similar, ${number}` : `Almost the same, ${number}`;
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
export function settingsWords({ gallery, scale, format }: JobView['settings'], galleryName?: string): string {
  const references =
    gallery === 'find'
      ? 'Find the best reference'
      : gallery === 'none'
        ? 'No reference'
        : `References from ${galleryName ?? 'a gallery that was removed'}`;
  return `${references}, ×${scale}, ${FORMAT_WORDS[format]}`;
}
