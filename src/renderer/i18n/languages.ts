import type { WindowSettings } from '../../api/settings-procedures.ts';

export type Language = NonNullable<WindowSettings['language']>;

/** The languages the window speaks, by their own names. */
export const LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch', fr: 'Français' };

const FALLBACK: Language = 'en';

function languageOf(tag: string): Language | undefined {
  const primary = tag.toLowerCase().split('-')[0];
  return (Object.keys(LANGUAGES) as Language[]).find((language) => language === primary);
}

/** The first of the user's languages (BCP 47 tags, the best first) that the window speaks, else English. */
export function preferredLanguage(tags: readonly string[]): Language {
  return tags.map(languageOf).find((language) => language !== undefined) ?? FALLBACK;
}

/**
 * The user's own variety of a language, which number and date formats follow: `de-CH` where the user's languages
 * (BCP 47 tags) name it, else the language itself.
 */
export function localeOf(language: Language, tags: readonly string[]): string {
  return tags.find((tag) => languageOf(tag) === language) ?? language;
}
