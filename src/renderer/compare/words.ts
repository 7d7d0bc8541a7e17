import type { JobView } from '../../api/views.ts';

/** A share 0…1 in per cent. */
export function percentWords(share: number): string {
  return share > 0 && share < 0.005 ? 'less than 1 %' : `${Math.round(share * 100)} %`;
}

/** How far the output agrees with the photo; the bounds are those of the engine's fidelity figure. */
export function fidelityWords(decibels: number): string {
  if (decibels >= 30) return 'Faithful to the photo';
  return decibels >= 24 ? 'Close to the photo' : 'Differs from the photo';
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
