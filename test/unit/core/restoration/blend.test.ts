import { describe, expect, it } from 'vitest';
import { BandBlender, tileWeights } from '../../../../src/core/restoration/blend.ts';
import {
  type OutputScale,
  planAxis,
  planTiles,
  type TilePlan,
} from '../../../../src/core/restoration/plan.ts';
import type { Planar } from '../../../../src/core/restoration/tiles.ts';
import { TILE_RULES } from './tile-rules.ts';

/** Blends a whole output of tiles that `valueAt` paints; positions are in output pixels. */
function blend<Output extends Uint8Array | Uint16Array>(
  plan: TilePlan,
  output: Output,
  valueAt: (x: number, y: number, channel: number, tile: number) => number,
): Output {
  const { x, y, scale } = plan;
  const blender = new BandBlender(plan, output);
  const [width, height] = [x.size * scale, y.size * scale];
  let tile = 0;
  for (const [j, top] of y.starts.entries()) {
    for (const [i, left] of x.starts.entries()) {
      const data = new Float32Array(3 * width * height);
      for (let at = 0; at < data.length; at++) {
        const channel = Math.trunc(at / (width * height));
        const row = Math.trunc((at % (width * height)) / width);
        data[at] = valueAt(left * scale + (at % width), top * scale + row, channel, tile);
      }
      blender.add({ data, width, height } satisfies Planar, i, j);
      tile++;
    }
    blender.finishRow(j);
  }
  return output;
}

function plan(width: number, height: number, scale: OutputScale, rules = TILE_RULES[0]): TilePlan {
  return planTiles('photo.jpg', width, height, scale, rules);
}

describe.each(TILE_RULES)('tileWeights with %o', (rules) => {
  it('add up to one at every pixel and are never negative', () => {
    for (let length = 1; length <= 500; length++) {
      const axis = planAxis(length, rules);
      for (const scale of [1, 4]) {
        const sums = new Float64Array(length * scale);
        axis.starts.forEach((start, index) => {
          tileWeights(axis, index, scale).forEach((weight, i) => {
            if (weight < 0) throw new Error(`length ${length}: weight ${weight}`);
            const at = start * scale + i;
            if (at < sums.length) sums[at] = sums[at]! + weight;
          });
        });
        const worst = sums.reduce((most, sum) => Math.max(most, Math.abs(sum - 1)), 0);
        expect(worst, `length ${length}, scale ${scale}`).toBeLessThan(1e-6);
      }
    }
  });

  it('are nought at the border of a tile that has a neighbour', () => {
    if (rules.overlap < 4) return expect(rules.overlap).toBe(0);
    const axis = planAxis(500, rules);
    for (let index = 1; index < axis.starts.length; index++) {
      expect(tileWeights(axis, index, 4)[0]).toBe(0);
      expect(tileWeights(axis, index - 1, 4).at(-1)).toBe(0);
    }
  });
});

describe('BandBlender', () => {
  const sizes: [number, number, OutputScale][] = [
    [500, 400, 1],
    [193, 192, 2],
    [200, 17, 4],
    [5, 3, 4],
    [1, 1, 1],
    [17, 600, 1],
  ];

  it.each(sizes)('keeps a constant constant: %i × %i at ×%i', (width, height, scale) => {
    const output = blend(
      plan(width, height, scale),
      new Uint8Array(width * height * scale * scale * 3),
      (_x, _y, channel) => [0.2, 0.6, 1][channel]!,
    );
    for (let i = 0; i < output.length; i++) {
      if (output[i] !== [51, 153, 255][i % 3]) throw new Error(`sample ${i} is ${output[i]}`);
    }
    expect(output).toHaveLength(width * height * scale * scale * 3);
  });

  it.each(sizes)('puts every pixel of %i × %i at ×%i where it belongs', (width, height, scale) => {
    const outWidth = width * scale;
    const paint = (x: number, y: number, channel: number) => ((x * 7 + y * 13 + channel * 101) % 997) / 1000;
    const output = blend(plan(width, height, scale), new Uint16Array(outWidth * height * scale * 3), paint);
    for (let i = 0; i < output.length; i++) {
      const pixel = Math.trunc(i / 3);
      const wanted = paint(pixel % outWidth, Math.trunc(pixel / outWidth), i % 3) * 65_535;
      if (Math.abs(output[i]! - wanted) > 1) throw new Error(`sample ${i} is ${output[i]}, not ${wanted}`);
    }
    expect(output.some((sample) => sample > 0) || output.length === 3).toBe(true);
  });

  it('cross-fades tiles that disagree without a step', () => {
    const output = blend(
      plan(500, 20, 1),
      new Uint16Array(500 * 20 * 3),
      (_x, _y, _channel, tile) => tile / 4,
    );
    const row = Array.from({ length: 500 }, (_, x) => output[(10 * 500 + x) * 3]! / 65_535);
    const steps = row.slice(1).map((value, x) => value - row[x]!);
    expect(Math.min(...steps)).toBeGreaterThan(-1e-4);
    expect(Math.max(...steps)).toBeLessThan(0.25 / 7);
    expect(row.at(-1)! - row[0]!).toBeGreaterThan(0.4);
  });

  it('cuts values off at black and white', () => {
    const output = blend(plan(4, 1, 1), new Uint8Array(12), (x) => [-0.5, 0, 1, 1.5][x] ?? 0);
    expect([...output]).toEqual([0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255]);
  });
});
