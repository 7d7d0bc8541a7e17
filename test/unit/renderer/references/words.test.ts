import { describe, expect, it } from 'vitest';
import type { RecordView } from '../../../../src/api/views.ts';

import {
  likenessMeaning,
  likenessWords,
  percentWords,
  withoutReference,
} from '../../../../src/renderer/references/words.ts';
import { inEnglish } from '../../../support/english.ts';

const t = inEnglish('references');
const SEARCH = { best: null, threshold: 0.5 };
type Decision = RecordView['decision'];

describe('withoutReference', () => {
  it.each(['off', 'empty', 'rejected'] as const)('says why for "%s"', (decision) => {
    expect(withoutReference(t, { decision, search: SEARCH })).toMatch(/[.:]$/);
  });

  it('tells galleries that are empty from references that were all excluded', () => {
    const [empty, excluded] = [SEARCH, { ...SEARCH, excluded: 2 }].map((search) =>
      withoutReference(t, { decision: 'empty', search }),
    );
    expect(empty).not.toBe(excluded);
    expect(excluded).toContain('excluded');
  });

  it.each<Decision>(['found', 'chosen'])('has nothing to explain for "%s"', (decision) => {
    expect(withoutReference(t, { decision, search: SEARCH })).toBeUndefined();
  });
});

describe('likenessWords', () => {
  it('says what was measured, with the number', () => {
    expect(likenessWords(t, 0.97, 'same object')).toBe('Probably the same object, 0.97');
    expect(likenessWords(t, 0.8, 'same kind')).toBe('Same kind, 0.80');
    expect(likenessWords(t, 0.6, 'weak')).toBe('Weak likeness, 0.60');
    expect(likenessWords(t, -0.1, 'rejected')).toBe('Not close enough, -0.10');
  });

  it('makes up no word for a record that has none', () => {
    expect(likenessWords(t, 0.8, undefined)).toBe('Similarity 0.80');
    expect(likenessMeaning(t, undefined)).toBeUndefined();
  });

  it('explains every word', () => {
    const words = ['same object', 'same kind', 'weak', 'rejected'] as const;
    const meanings = words.map((word) => likenessMeaning(t, word));
    expect(new Set(meanings).size).toBe(words.length);
    for (const meaning of meanings) expect(meaning).toMatch(/\.$/);
  });
});

describe('percentWords', () => {
  it('rounds, and calls nothing none that is some', () => {
    expect([0, 0.004, 0.005, 0.606, 1].map((share) => percentWords(t, share))).toEqual([
      '0 %',
      'less than 1 %',
      '1 %',
      '61 %',
      '100 %',
    ]);
  });
});
