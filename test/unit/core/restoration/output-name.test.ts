import { describe, expect, it } from 'vitest';
import {
  checkNameTemplate,
  DEFAULT_NAME_TEMPLATE,
  outputName,
  stemOf,
} from '../../../../src/core/restoration/output-name.ts';
import { expectRefusal } from '../../../support/refusal.ts';

const values = { name: 'IMG 1', scale: 4, gallery: 'tiger', date: '2026-11-20' };

describe('outputName', () => {
  it('fills in every placeholder, as often as it stands there', () => {
    expect(outputName('{date}_{gallery}_{name}_x{scale}_{name}', values, 'jpeg')).toBe(
      '2026-11-20_tiger_IMG 1_x4_IMG 1.jpg',
    );
  });

  it.each([
    ['jpeg', '.jpg'],
    ['png', '.png'],
    ['webp', '.webp'],
    ['tiff', '.tif'],
    ['avif', '.avif'],
  ] as const)('ends %s in %s', (format, extension) => {
    expect(outputName(DEFAULT_NAME_TEMPLATE, values, format)).toBe(`IMG 1-restored${extension}`);
  });

  it('never lets a value make a folder or a name some systems forbid', () => {
    const name = outputName('{gallery}', { ...values, gallery: '../a\\b:c*d?e"f<g>h|i\nj' }, 'png');
    expect(name).toBe('..-a-b-c-d-e-f-g-h-i-j.png');
  });

  it('does not fill in placeholders that come from a value', () => {
    expect(outputName('{name}', { ...values, name: '{date} $& $1 100%' }, 'png')).toBe(
      '{date} $& $1 100%.png',
    );
  });

  it('keeps emoji and other letters', () => {
    expect(outputName('{name}', { ...values, name: 'тигр 🐅 é' }, 'webp')).toBe('тигр 🐅 é.webp');
  });
});

describe('checkNameTemplate', () => {
  it.each([DEFAULT_NAME_TEMPLATE, '{name}', 'x{scale}', 'plain', '{date} {gallery} 100% 🐅', '{name'])(
    'takes %j',
    (template) => {
      expect(() => checkNameTemplate(template)).not.toThrow();
    },
  );

  it.each(['', '  ', '{nam}', '{}', '../{name}', 'a/b', 'a\\b', 'c:d', 'a*', 'a|b'])(
    'refuses %j, naming it',
    async (template) => {
      await expectRefusal(() => checkNameTemplate(template), 'NAME_INVALID', `"${template}"`);
    },
  );

  it('refuses line breaks', () => {
    expect(() => checkNameTemplate('a\nb')).toThrow('characters that file names cannot have');
  });
});

describe('stemOf', () => {
  it.each([
    ['/a/b.c.jpg', 'b.c'],
    ['/a/.jpg', '.jpg'],
    ['/a/noext', 'noext'],
    ['/a b/100% 🐅.jpeg', '100% 🐅'],
  ])('%s → %s', (file, stem) => {
    expect(stemOf(file)).toBe(stem);
  });
});
