import type { Translated } from '../../i18n/translated.ts';
import type { en } from './en.ts';

export const fr: Translated<typeof en, 'many'> = {};
