import { describe, expect, it } from 'vitest';
import { de } from '../../../src/main/messages/de.ts';
import { en } from '../../../src/main/messages/en.ts';
import { fr } from '../../../src/main/messages/fr.ts';
import { LANGUAGES, languageFor, textsIn } from '../../../src/main/messages.ts';

describe('textsIn', () => {
  it.each([
    ['en', 1, '1 photo restored'],
    ['en', 12_345, '12,345 photos restored'],
    ['de', 1, '1 Foto restauriert'],
    ['de', 12_345, '12.345 Fotos restauriert'],
    ['fr', 0, '0 photo restaurée'],
    ['fr', 2, '2 photos restaurées'],
    ['fr', 1_000_000, '1 000 000 de photos restaurées'],
  ] as const)('says in %s how many: %d', (language, count, said) => {
    expect(textsIn(language)('restored', { count }).replaceAll(/[\u00a0\u202f]/g, ' ')).toBe(said);
  });

  it('has every plural form of every language', () => {
    const messages = { en, de, fr };
    for (const language of LANGUAGES) {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const plurals = Object.keys(en).filter((key) => key.endsWith('_other'));
      expect(plurals.length).toBeGreaterThan(0);
      for (const key of plurals) {
        for (const form of forms) {
          expect(messages[language], language).toHaveProperty(key.replace('_other', `_${form}`));
        }
      }
    }
  });

  it('leaves nothing in English, and no menu without its letter', () => {
    const same = (other: Record<string, string>) =>
      Object.entries(en)
        .filter(([key, text]) => other[key] === text)
        .map(([key]) => key);
    // Words that are the same in both.
    expect(same(de)).toEqual([]);
    expect(same(fr)).toEqual(['services', 'photos']);
    for (const messages of [en, de, fr]) {
      const menus = Object.entries(messages).filter(([key]) => key.startsWith('menu'));
      const letters = menus.map(([, text]) => /&(.)/.exec(text)?.[1]?.toLowerCase());
      expect(new Set(letters).size, String(letters)).toBe(menus.length);
      expect(letters).not.toContain(undefined);
    }
  });
});

describe('languageFor', () => {
  it('is the one the window spoke, else the first of the system that we know', () => {
    expect(languageFor('fr', ['de-DE'])).toBe('fr');
    expect(languageFor(null, ['sv-SE', 'de-AT', 'en-GB'])).toBe('de');
    expect(languageFor(null, ['fr_CA'])).toBe('fr');
    expect(languageFor(null, ['sv', 'frr'])).toBe('en');
    expect(languageFor(null, [])).toBe('en');
  });
});
