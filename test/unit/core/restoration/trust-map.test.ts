import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { planTiles, type TilePlan } from '../../../../src/core/restoration/plan.ts';
import { TrustMap } from '../../../../src/core/restoration/trust-map.ts';

const RULES = { multiple: 8, min: 16, max: 64, overlap: 16 };
const planOf = (width: number, height: number): TilePlan => planTiles('photo.png', width, height, 4, RULES);

/** A tile of the plan with one trust everywhere, or another in each column. */
function tile({ x, y }: TilePlan, valueAt: (column: number) => number) {
  const data = Float32Array.from({ length: x.size * y.size }, (_, i) => valueAt(i % x.size));
  return { data, dims: [1, 1, y.size, x.size] };
}

describe('TrustMap', () => {
  it('tells the share of the output that came from the reference', () => {
    const plan = planOf(32, 16);
    const map = new TrustMap(plan);
    expect(map.share()).toBe(0);
    map.add(
      tile(plan, (column) => (column < 16 ? 0.5 : 0)),
      0,
      0,
    );
    expect(map.share()).toBeCloseTo(0.25, 6);
  });

  it('leaves out what a tile has beyond the photo', () => {
    const plan = planOf(6, 3);
    const map = new TrustMap(plan);
    map.add(
      tile(plan, () => 1),
      0,
      0,
    );
    expect(map.share()).toBe(1);
  });

  it('blends tiles as the output is blended: full trust everywhere is full trust', () => {
    const plan = planOf(100, 100);
    const map = new TrustMap(plan);
    expect(plan.x.starts.length).toBeGreaterThan(1);
    for (const j of plan.y.starts.keys())
      for (const i of plan.x.starts.keys())
        map.add(
          tile(plan, () => 1),
          i,
          j,
        );
    expect(map.share()).toBeCloseTo(1, 6);
  });

  it('becomes a small grey picture of the photo’s shape', async () => {
    const plan = planOf(48, 24);
    const map = new TrustMap(plan);
    map.add(
      tile(plan, (column) => (column < 24 ? 0 : 1)),
      0,
      0,
    );
    const png = sharp(await map.toPng());
    const { format, width, height, channels } = await png.metadata();
    expect([format, width, height, channels]).toEqual(['png', 48, 24, 1]);
    const data = await png.toColourspace('b-w').raw().toBuffer();
    expect([data[0], data[47]]).toEqual([0, 255]);
  });
});
