import { createInstance } from 'i18next';
import { de } from './messages/de.ts';
import { en } from './messages/en.ts';
import { fr } from './messages/fr.ts';

export const LANGUAGES = ['en', 'de', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

type EnglishKey = keyof typeof en;
/** The same texts in another language, which may have more plural forms. */
export type Messages = Readonly<Record<EnglishKey, string>> & {
  readonly [Key in EnglishKey as Key extends `${infer Base}_other` ? `${Base}_many` : never]?: string;
};

/** A text's name: plural forms of one text share theirs. */
export type MessageKey = EnglishKey extends infer Key
  ? Key extends `${infer Base}_${'one' | 'other'}`
    ? Base
    : Key
  : never;

/** Gives a text in the user's language; `count` chooses the plural form and is written with its separators. */
export type Texts = (key: MessageKey, values?: { readonly count: number }) => string;

const RESOURCES = { en: { main: en }, de: { main: de }, fr: { main: fr } };

/** The texts of one language. */
export function textsIn(language: Language): Texts {
  const i18n = createInstance({
    lng: language,
    resources: RESOURCES,
    defaultNS: 'main',
    // At once: menus cannot wait.
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  void i18n.init();
  // The window's own messages declare what `t` takes, and know nothing of these.
  const t = i18n.t as (key: string, values: object) => string;
  return (key, values) => t(key, values ?? {});
}

/**
 * The language to speak: the window's, else the first of the system's that we know, else English.
 *
 * @param spoken what the window spoke last; null before it has told
 * @param system language tags as systems have them (`de-AT`), preferred first
 */
export function languageFor(spoken: Language | null, system: readonly string[]): Language {
  if (spoken !== null) return spoken;
  for (const tag of system) {
    const language = LANGUAGES.find((known) => known === tag.toLowerCase().split(/[-_]/)[0]);
    if (language !== undefined) return language;
  }
  return 'en';
}
