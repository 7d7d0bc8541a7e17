import { describe, expect, it } from 'vitest';
import { Recent } from '../../../src/core/recent.ts';

describe('Recent', () => {
  it('lets go what was used least recently', () => {
    const recent = new Recent<number>(2);
    recent.keep('a', 1);
    recent.keep('b', 2);
    expect(recent.get('a')).toBe(1);
    recent.keep('c', 3);
    expect(recent.get('b')).toBeUndefined();
    expect([recent.get('a'), recent.get('c')]).toEqual([1, 3]);
  });

  it('keeps one value under a name', () => {
    const recent = new Recent<number>(2);
    recent.keep('a', 1);
    recent.keep('b', 2);
    recent.keep('a', 3);
    expect([recent.get('a'), recent.get('b')]).toEqual([3, 2]);
  });
});
