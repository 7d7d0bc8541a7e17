import type { TFunction } from 'i18next';
import type { JobView } from '../../api/views.ts';

/** Translates the compare view's messages. */
export type T = TFunction<'compare'>;

/** A share 0…1 in per cent. */
export function percentWords(t: T, share: number): string {
  return share > 0 && share < 0.005
    ? t('lessThanOnePercent', { value: 1 })
    : t('percent', { value: Math.round(share * 100) });
}

/** How far the output agrees with the photo; the bounds are those of the engine's fidelity figure. */
export function fidelityWords(t: T, decibels: number): string {
  if (decibels >= 30) return t('fidelity.faithful');
  return decibels >= 24 ? t('fidelity.close') : t('fidelity.differs');
}

/** A size in pixels as people write it: the digits are not grouped. */
export function sizeWords(t: T, { width, height }: { width: number; height: number }): string {
  return t('panel.size', { width, height });
}

/** Names of formats are the same in every language. */
const FORMAT_NAMES: { [Format in Exclude<JobView['settings']['format'], 'keep'>]: string } = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  tiff: 'TIFF',
  avif: 'AVIF',
};

/** What the user chose for a job, in one line. */
export function settingsWords(t: T, settings: JobView['settings'], galleryName?: string): string {
  const { scale, format } = settings;
  return t('settings.line', {
    references: referencesWords(t, settings, galleryName),
    scale,
    format: format === 'keep' ? t('settings.keep') : FORMAT_NAMES[format],
  });
}

function referencesWords(
  t: T,
  { gallery, referenceStrength }: JobView['settings'],
  galleryName: string = t('settings.removedGallery'),
): string {
  if (gallery === 'none') return t('settings.none');
  const percent = percentWords(t, referenceStrength);
  if (gallery === 'find')
    return referenceStrength === 1 ? t('settings.find') : t('settings.findAt', { percent });
  return referenceStrength === 1
    ? t('settings.from', { gallery: galleryName })
    : t('settings.fromAt', { gallery: galleryName, percent });
}
