import { useTranslation } from 'react-i18next';
import type { Formats } from './format.ts';
import { formatsIn } from './i18n.ts';

/** Figures as the window's language writes them. */
export function useFormats(): Formats {
  const { i18n } = useTranslation();
  return formatsIn(i18n.language);
}
