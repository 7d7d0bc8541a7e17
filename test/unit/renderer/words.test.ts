import { describe, expect, it } from 'vitest';
import {
  closenessWords,
  fidelityWords,
  settingsWords,
  withoutReference,
} from '../../../src/renderer/compare/words.ts';

describe('withoutReference', () => {
  it.each(['off', 'empty', 'rejected'] as const)('says why for "%s"', (decision) => {
    expect(withoutReference(decision)).toMatch(/[.:]$/);
  });

  it.each(['found', 'chosen'] as const)('has nothing to explain for "%s"', (decision) => {
    expect(withoutReference(decision)).toBeUndefined();
  });
});

describe('closenessWords', () => {
  it('measures from the threshold up, and names it where it was missed', () => {
    expect([0.412, 0.6, 0.8, 0.97].map((similarity) => closenessWords(similarity, 0.55))).toEqual([
      'Similarity 0.41, needs 0.55',
      'Similar, 0.60',
      'Very similar, 0.80',
      'Almost the same, 0.97',
    ]);
  });
});

describe('fidelityWords', () => {
  it('calls 30 dB faithful', () => {
    expect([30, 26, 18].map(fidelityWords)).toEqual([
      'Faithful to the photo',
      'Close to the photo',
      'Differs from the photo',
    ]);
  });
});

describe('settingsWords', () => {
  it('names the gallery, or says that it is gone', () => {
    const settings = { gallery: 3, scale: 2, format: 'png' } as const;
    expect(settingsWords(settings, 'Tigers')).toBe('References from Tigers, ×2, PNG');
    expect(settingsWords(settings)).toBe('References from a gallery that was removed, ×2, PNG');
  });
});
