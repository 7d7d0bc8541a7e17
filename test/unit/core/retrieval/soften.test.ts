import { describe, expect, it } from 'vitest';
import { soften } from '../../../../src/core/retrieval/soften.ts';

describe('soften', () => {
  it('averages squares and interpolates between their middles', () => {
    const row = [0, 2, 4, 8];
    const softened = soften({ data: new Float32Array([...row, ...row]), dims: [1, 1, 2, 4] }, 2);
    expect([...softened.data]).toEqual([1, 2.25, 4.75, 6, 1, 2.25, 4.75, 6]);
    expect(softened.dims).toEqual([1, 1, 2, 4]);
  });

  it('leaves what has no detail as it is, each channel of each image by itself', () => {
    const data = Float32Array.from({ length: 2 * 3 * 8 * 8 }, (_, i) => Math.trunc(i / 64));
    expect([...soften({ data, dims: [2, 3, 8, 8] }, 4).data]).toEqual([...data]);
  });

  it('takes detail away: of a checkerboard nothing is left', () => {
    const data = Float32Array.from({ length: 64 }, (_, i) => (i + Math.trunc(i / 8)) % 2);
    expect([...soften({ data, dims: [1, 1, 8, 8] }, 2).data]).toEqual(Array(64).fill(0.5));
  });
});
