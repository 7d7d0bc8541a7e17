import { describe, expect, it } from 'vitest';
import {
  closenessMeaning,
  closenessWords,
  fidelityWords,
  percentWords,
  sameObjectWords,
  settingsWords,
  withoutReference,
} from '../../../src/renderer/compare/words.ts';
import { inEnglish } from '../../support/english.ts';

const t = inEnglish('compare');

describe('withoutReference', () => {
  it.each(['off', 'empty', 'rejected'] as const)('says why for "%s"', (decision) => {
    expect(withoutReference(t, decision)).toMatch(/[.:]$/);
  });

  it.each(['found', 'chosen'] as const)('has nothing to explain for "%s"', (decision) => {
    expect(withoutReference(t, decision)).toBeUndefined();
  });
});

describe('closenessWords', () => {
  it('says what was measured, with the number', () => {
    expect(closenessWords(t, 0.97, 0.55, 'same object')).toBe('Probably the same object, 0.97');
    expect(closenessWords(t, 0.8, 0.55, 'same kind')).toBe('Same kind, 0.80');
    expect(closenessWords(t, 0.6, 0.55, 'weak')).toBe('Weak likeness, 0.60');
  });

  it('names the threshold where it was missed', () => {
    expect(closenessWords(t, 0.412, 0.55, 'rejected')).toBe('Similarity 0.41, needs 0.55');
    expect(closenessWords(t, 0.412, 0.55, undefined)).toBe('Similarity 0.41, needs 0.55');
  });

  it('makes up no word for a record that has none', () => {
    expect(closenessWords(t, 0.8, 0.55, undefined)).toBe('Similarity 0.80');
  });
});

describe('closenessMeaning', () => {
  it('explains every word of what is used', () => {
    const used = (['same object', 'same kind', 'weak'] as const).map((closeness) =>
      closenessMeaning(t, closeness),
    );
    expect(new Set(used).size).toBe(3);
    for (const meaning of used) expect(meaning).toMatch(/\.$/);
    expect(closenessMeaning(t, 'rejected')).toBeUndefined();
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

describe('sameObjectWords', () => {
  it('tells what came from the reference apart from what it covers', () => {
    const fusion = { id: 'fusion-small', version: '0.1.0', hash: 'one' };
    const sameObject = { sha256: 'a', fusion, overlap: 0.848, used: 0.606, inliers: 144, correlation: 0.9 };
    expect(sameObjectWords(t, sameObject, 'monarch.jpg')).toBe(
      '61 % of the picture comes from monarch.jpg, which covers 85 % of it.',
    );
  });
});

describe('fidelityWords', () => {
  it('calls 30 dB faithful', () => {
    expect([30, 26, 18].map((decibels) => fidelityWords(t, decibels))).toEqual([
      'Faithful to the photo',
      'Close to the photo',
      'Differs from the photo',
    ]);
  });
});

describe('settingsWords', () => {
  it('names the gallery, or says that it is gone', () => {
    const settings = {
      gallery: 3,
      scale: 2,
      referenceStrength: 1,
      format: 'png',
      nameTemplate: '{name}',
    } as const;
    expect(settingsWords(t, settings, 'Tigers')).toBe('References from Tigers, ×2, PNG');
    expect(settingsWords(t, settings)).toBe('References from a gallery that was removed, ×2, PNG');
  });

  it('tells the strength where it is not full and a reference is wanted', () => {
    const settings = {
      gallery: 'find',
      scale: 4,
      referenceStrength: 0.4,
      format: 'png',
      nameTemplate: '{name}',
    } as const;
    expect(settingsWords(t, settings)).toBe('Find the best reference at 40 % strength, ×4, PNG');
    expect(settingsWords(t, { ...settings, gallery: 'none' })).toBe('No reference, ×4, PNG');
  });
});
