import { describe, expect, it } from 'vitest';
import { formatsOf } from '../../../../src/renderer/i18n/format.ts';
import { localeOf, preferredLanguage } from '../../../../src/renderer/i18n/languages.ts';

/** Intl writes blanks that do not break, of two widths. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('figures', () => {
  it('are grouped and pointed as the language does', () => {
    const figures = ['en', 'de', 'fr'].map((locale) => plain(formatsOf(locale).decimal(12345.678, 1)));
    expect(figures).toEqual(['12,345.7', '12.345,7', '12 345,7']);
  });

  it.each([
    [0, '0 kB', '0 ko'],
    [999_499, '999 kB', '999 ko'],
    [999_500, '1.0 MB', '1,0 Mo'],
    [15_300_000, '15.3 MB', '15,3 Mo'],
    [2.5e9, '2.5 GB', '2,5 Go'],
    [3e15, '3,000.0 TB', '3 000,0 To'],
  ])('%d bytes', (bytes, english, french) => {
    expect(plain(formatsOf('en').bytes(bytes))).toBe(english);
    expect(plain(formatsOf('fr').bytes(bytes))).toBe(french);
  });

  it.each([
    [0, '0.0 s'],
    [12.34, '12.3 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min 0 s'],
    [3599.6, '1 h 0 min'],
    [7380, '2 h 3 min'],
  ])('%d seconds', (seconds, words) => {
    expect(formatsOf('en').duration(seconds)).toBe(words);
  });

  it('shows a small share as less than one per cent, and none as none', () => {
    const { percent } = formatsOf('de');
    expect([0, 0.001, 0.005, 0.5, 1].map((share) => plain(percent(share)))).toEqual([
      '0 %',
      '< 1 %',
      '1 %',
      '50 %',
      '100 %',
    ]);
  });

  it('lists as the language does', () => {
    const lists = ['en', 'de', 'fr'].map((locale) => formatsOf(locale).list(['1', '2', '3']));
    expect(lists).toEqual(['1, 2, and 3', '1, 2 und 3', '1, 2 et 3']);
  });
});

describe('the language of the window', () => {
  it("is the first of the user's that it speaks, else English", () => {
    expect(preferredLanguage(['it-IT', 'de-CH', 'en'])).toBe('de');
    expect(preferredLanguage(['FR'])).toBe('fr');
    expect(preferredLanguage(['ja', 'pt-BR'])).toBe('en');
    expect(preferredLanguage([])).toBe('en');
    expect(preferredLanguage(['den', 'frr'])).toBe('en');
  });

  it("formats as the user's variety of it", () => {
    expect(localeOf('de', ['fr-FR', 'de-CH'])).toBe('de-CH');
    expect(localeOf('fr', ['de-CH'])).toBe('fr');
  });
});
