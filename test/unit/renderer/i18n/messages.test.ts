import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../../src/renderer/i18n/languages.ts';
import { NAMESPACES, resources } from '../../../../src/renderer/i18n/resources.ts';

const PLURAL = /^(?<base>.+)_(?<form>zero|one|two|few|many|other)$/;
const FORMATS = ['number', 'decimal1', 'decimal2', 'percent', 'bytes', 'duration', 'dateTime'];

type Tree = { readonly [key: string]: string | Tree };

/** Messages by their whole keys: `toolbar.add` → text. */
function flat(tree: Tree, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[prefix + key, value]] : [...flat(value, `${prefix}${key}.`)],
    ),
  );
}

/** Keys without plural forms, and for each plural key its forms. */
function shape(keys: Iterable<string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const key of keys) {
    const { base = key, form } = PLURAL.exec(key)?.groups ?? {};
    found.set(base, [...(found.get(base) ?? []), ...(form === undefined ? [] : [form])]);
  }
  return found;
}

/** What a text takes: `{{count, number}}`, without blanks, and the tags that `Trans` fills. */
function slots(text: string): string[] {
  const values = [...text.matchAll(/\{\{(.*?)\}\}/g)].map(([, slot]) => slot!.replaceAll(' ', ''));
  const tags = [...text.matchAll(/<\/?\w+\/?>/g)].map(([tag]) => tag!);
  return [...new Set([...values, ...tags])].sort();
}

describe.each(NAMESPACES)('messages of %s', (namespace) => {
  const messages = (language: Language) => flat(resources[language][namespace]);
  const english = messages('en');

  describe.each(Object.keys(LANGUAGES) as Language[])('in %s', (language) => {
    const own = messages(language);
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();

    it('are as many as the English ones, each plural in the forms of the language', () => {
      expect([...shape(own.keys()).keys()].sort()).toEqual([...shape(english.keys()).keys()].sort());
      const englishShape = shape(english.keys());
      for (const [key, found] of shape(own.keys())) {
        expect(found.toSorted(), key).toEqual(englishShape.get(key)!.length === 0 ? [] : forms);
      }
    });

    it('take the same values', () => {
      for (const [key, text] of own) {
        const base = PLURAL.exec(key)?.groups?.base;
        const counterpart = english.get(key) ?? english.get(`${base}_other`)!;
        // "one photo" needs no figure.
        const without = (found: string[]) => found.filter((slot) => !slot.startsWith('count'));
        if (base === undefined) expect(slots(text), key).toEqual(slots(counterpart));
        else expect(without(slots(text)), key).toEqual(without(slots(counterpart)));
      }
    });

    it('are never empty, blank at their ends, or with a figure that is not formatted', () => {
      for (const [key, text] of own) {
        expect(text.trim(), key).toBe(text);
        expect(text, key).not.toBe('');
        for (const slot of slots(text)) {
          const [name, format] = slot.split(',');
          if (format !== undefined) expect(FORMATS, key).toContain(format.replace(/\(.*\)$/, ''));
          if (name === 'count') expect(format, `${key}: write {{count, number}}`).toBeDefined();
        }
      }
    });
  });
});
