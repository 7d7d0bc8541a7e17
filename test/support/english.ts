import { createInstance, type TFunction } from 'i18next';
import { formatsOf } from '../../src/renderer/i18n/format.ts';
import { type Namespace, resources } from '../../src/renderer/i18n/resources.ts';

/** The window's English messages and formats, without a window. */
const english = createInstance();

void english.init({
  lng: 'en',
  resources: { en: resources.en },
  initAsync: false,
  interpolation: { escapeValue: false },
});

const formats = formatsOf('en');
const { formatter } = english.services;
formatter?.add('number', (value: number) => formats.number(value));
formatter?.add('decimal1', (value: number) => formats.decimal(value, 1));
formatter?.add('decimal2', (value: number) => formats.decimal(value, 2));

/** Translates the messages of one of the renderer's folders. */
export function inEnglish<Name extends Namespace>(namespace: Name): TFunction<Name> {
  return english.getFixedT('en', namespace) as unknown as TFunction<Name>;
}
