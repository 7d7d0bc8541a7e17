import { describe, expect, it } from 'vitest';
import { fidelityWords, percentWords, settingsWords } from '../../../src/renderer/compare/words.ts';
import { inEnglish } from '../../support/english.ts';

const t = inEnglish('compare');

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
