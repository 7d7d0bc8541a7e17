import { describe, expect, it } from 'vitest';
import { closeness } from '../../../../src/core/retrieval/closeness.ts';

const scale = { threshold: 0.7, sameKind: 0.75, sameObject: 0.9 };

describe('closeness', () => {
  it.each([
    [-0.2, 'rejected'],
    [0.6999, 'rejected'],
    [0.7, 'weak'],
    [0.7499, 'weak'],
    [0.75, 'same kind'],
    [0.8999, 'same kind'],
    [0.9, 'same object'],
    [1, 'same object'],
  ])('of %f is "%s"', (similarity, word) => {
    expect(closeness(similarity, scale)).toBe(word);
  });

  it('never says "same object" where that was not calibrated', () => {
    expect(closeness(1, { ...scale, sameObject: null })).toBe('same kind');
  });

  it('has no weak ones where one stranger in a hundred does not reach the threshold', () => {
    expect(closeness(0.7, { ...scale, sameKind: 0.7 })).toBe('same kind');
  });
});
