import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { type Formats, formatsOf } from './format.ts';
import { type Language, localeOf, preferredLanguage } from './languages.ts';
import { NAMESPACES, resources } from './resources.ts';

/** What can stand behind the comma in `{{count, number}}`, and what it takes. */
interface MessageFormats {
  /** A number, grouped; `number(maximumFractionDigits: 1)` takes Intl's options. */
  number: number;
  /** One decimal. */
  decimal1: number;
  /** Two decimals. */
  decimal2: number;
  /** A share 0…1. */
  percent: number;
  bytes: number;
  /** Seconds. */
  duration: number;
  dateTime: Date;
}

// `t` knows every key, what stands in the messages, and what these take.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: (typeof resources)['en'];
    interpolationFormatTypeMap: MessageFormats;
  }
}

/** The user's languages, the best first; none outside a window. */
const userLanguages: readonly string[] = globalThis.document === undefined ? [] : navigator.languages;

/** Messages and formats in the window's language. Components take them by `useTranslation` and `useFormats`. */
export const i18n = createInstance();

void i18n.use(initReactI18next).init({
  resources,
  ns: NAMESPACES,
  defaultNS: 'shell',
  lng: preferredLanguage(userLanguages),
  fallbackLng: 'en',
  // The messages are bundled: everything is there before the first rendering.
  initAsync: false,
  // React escapes.
  interpolation: { escapeValue: false },
});

/** Figures as the users of a language write them, in their own variety of it. */
export function formatsIn(language: string): Formats {
  return formatsOf(localeOf(language as Language, userLanguages));
}

const { formatter } = i18n.services;

function addFormat<Name extends keyof MessageFormats>(
  name: Name,
  format: (formats: Formats, value: MessageFormats[Name], options: Intl.NumberFormatOptions) => string,
): void {
  formatter?.add(name, (value: MessageFormats[Name], language, options: Intl.NumberFormatOptions) =>
    format(formatsIn(language ?? 'en'), value, options),
  );
}

addFormat('number', (formats, value, options) => formats.number(value, numberOptions(options)));
addFormat('decimal1', (formats, value) => formats.decimal(value, 1));
addFormat('decimal2', (formats, value) => formats.decimal(value, 2));
addFormat('percent', (formats, value) => formats.percent(value));
addFormat('bytes', (formats, value) => formats.bytes(value));
addFormat('duration', (formats, value) => formats.duration(value));
addFormat('dateTime', (formats, value) => formats.dateTime(value));

/** i18next hands a message's own values over beside the options in its brackets. */
function numberOptions(options: Intl.NumberFormatOptions): Intl.NumberFormatOptions {
  const { minimumFractionDigits, maximumFractionDigits, maximumSignificantDigits } = options;
  return {
    ...(minimumFractionDigits === undefined ? {} : { minimumFractionDigits }),
    ...(maximumFractionDigits === undefined ? {} : { maximumFractionDigits }),
    ...(maximumSignificantDigits === undefined ? {} : { maximumSignificantDigits }),
  };
}

/** Speaks a language; null: the one the user's system prefers. */
export async function speak(language: Language | null): Promise<void> {
  await i18n.changeLanguage(language ?? preferredLanguage(userLanguages));
}

/** Tells browser and screen reader which language the window speaks, now and after every change. */
export function declareLanguage(document: Document): void {
  const declare = (language: string) => {
    document.documentElement.lang = language;
  };
  declare(i18n.language);
  i18n.on('languageChanged', declare);
}
