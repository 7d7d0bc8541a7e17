import { describe, expect, it } from 'vitest';
import { needsTiles } from '../../../src/renderer/compare/shown-picture.ts';

const large = { width: 16_330, height: 12_250 };
const small = { width: 400, height: 300 };

describe('needsTiles', () => {
  it.each([
    [large, 1200, false],
    [large, 2560, false],
    [large, 2561, true],
    [large, 16_330, true],
    [small, 399, false],
    [small, 400, true],
    [small, 1600, true],
    // The longest side is what its copy is limited by.
    [{ width: 3000, height: 9000 }, 800, false],
    [{ width: 3000, height: 9000 }, 900, true],
  ])('%j shown %d pixels wide: %s', (size, shown, expected) => {
    expect(needsTiles(size, shown)).toBe(expected);
  });
});
