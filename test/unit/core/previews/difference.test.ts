import { describe, expect, it } from 'vitest';
import { differenceHeat, FULL_DIFFERENCE } from '../../../../src/core/previews/difference.ts';

/** Brightness of the colour for a difference of so much in every channel. */
function brightness(difference: number): number {
  const heat = differenceHeat(Uint8Array.of(0, 0, 0), Uint8Array.of(difference, difference, difference));
  return 0.299 * heat[0]! + 0.587 * heat[1]! + 0.114 * heat[2]!;
}

describe('differenceHeat', () => {
  it('is nearly black where nothing differs', () => {
    expect([...differenceHeat(Uint8Array.of(9, 99, 200), Uint8Array.of(9, 99, 200))]).toEqual([0, 0, 4]);
  });

  it('grows lighter with the difference, up to the fullest', () => {
    const steps = Array.from({ length: FULL_DIFFERENCE + 1 }, (_, i) => brightness(i));
    for (let i = 1; i < steps.length; i++) expect(steps[i]!).toBeGreaterThan(steps[i - 1]!);
    expect(brightness(255)).toBe(brightness(FULL_DIFFERENCE));
    expect(brightness(255)).toBeGreaterThan(200);
  });

  it('is the same whichever of the two is lighter, and counts every channel', () => {
    const [a, b] = [Uint8Array.of(10, 60, 200), Uint8Array.of(20, 30, 220)];
    expect(differenceHeat(a, b)).toEqual(differenceHeat(b, a));
    for (const channel of [0, 1, 2]) {
      const other = Uint8Array.from(a);
      other[channel] = a[channel]! + 30;
      expect(differenceHeat(a, other)).toEqual(
        differenceHeat(Uint8Array.of(0, 0, 0), Uint8Array.of(30, 0, 0)),
      );
    }
  });
});
