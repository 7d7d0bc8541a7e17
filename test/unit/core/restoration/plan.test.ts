import { describe, expect, it } from 'vitest';
import { MAX_OUTPUT_PIXELS } from '../../../../src/core/photo/decode.ts';
import { countTiles, planAxis, planTiles } from '../../../../src/core/restoration/plan.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { TILE_RULES } from './tile-rules.ts';

const LENGTHS = [...Array.from({ length: 700 }, (_, i) => i + 1), 999, 1000, 1001, 1919, 4032, 12_000];

describe.each(TILE_RULES)('planAxis with %o', (rules) => {
  const largest = Math.floor(rules.max / rules.multiple) * rules.multiple;
  const roundUp = (value: number) => Math.ceil(value / rules.multiple) * rules.multiple;

  it('covers every pixel, in order, without reaching before the start', () => {
    for (const length of LENGTHS) {
      const { size, starts } = planAxis(length, rules);
      expect(starts[0], `length ${length}`).toBe(0);
      expect(starts.at(-1)! + size, `length ${length}`).toBeGreaterThanOrEqual(length);
      for (let i = 1; i < starts.length; i++) {
        expect(starts[i]!, `length ${length}`).toBeGreaterThan(starts[i - 1]!);
      }
    }
  });

  it('gives tiles whose size the model takes', () => {
    for (const length of LENGTHS) {
      const { size } = planAxis(length, rules);
      expect(size % rules.multiple, `length ${length}`).toBe(0);
      expect(size, `length ${length}`).toBeLessThanOrEqual(largest);
      expect(size, `length ${length}`).toBeGreaterThanOrEqual(Math.min(rules.min, largest));
    }
  });

  it('overlaps neighbours by the rule at least', () => {
    for (const length of LENGTHS) {
      const { size, starts } = planAxis(length, rules);
      for (let i = 1; i < starts.length; i++) {
        const overlap = starts[i - 1]! + size - starts[i]!;
        expect(overlap, `length ${length}`).toBeGreaterThanOrEqual(rules.overlap);
      }
    }
  });

  it('uses one tile where one is enough, and never a tile too many', () => {
    for (const length of LENGTHS) {
      const { starts } = planAxis(length, rules);
      const overlap = roundUp(rules.overlap);
      const enough = Math.max(1, Math.ceil((roundUp(length) - overlap) / (largest - overlap)));
      expect(starts.length, `length ${length}`).toBe(enough);
    }
  });

  it('starts every tile on the grid of the model', () => {
    for (const length of LENGTHS) {
      for (const start of planAxis(length, rules).starts) expect(start % rules.multiple).toBe(0);
    }
  });

  it('reaches beyond a photo no farther than the grid asks, but where the photo is shorter than one tile', () => {
    for (const length of LENGTHS) {
      const { size, starts } = planAxis(length, rules);
      if (starts.length > 1) expect(starts.at(-1)! + size, `length ${length}`).toBe(roundUp(length));
    }
  });
});

describe('planTiles', () => {
  const [rules] = TILE_RULES;

  it('plans both directions and counts the tiles', () => {
    const plan = planTiles('a.jpg', 1000, 750, 4, rules);
    expect(countTiles(plan)).toBe(plan.x.starts.length * plan.y.starts.length);
    expect(plan).toMatchObject({ width: 1000, height: 750, scale: 4 });
  });

  it('refuses an output that does not fit in memory, naming the photo and the way out', async () => {
    const side = Math.ceil(Math.sqrt(MAX_OUTPUT_PIXELS / 16)) + 1;
    const refusal = await expectRefusal(
      () => planTiles('big.jpg', side, side, 4, rules),
      'IMAGE_TOO_LARGE',
      'big.jpg',
    );
    expect(refusal.remedy).toContain('smaller scale');
    expect(() => planTiles('big.jpg', side, side, 2, rules)).not.toThrow();
  });
});
