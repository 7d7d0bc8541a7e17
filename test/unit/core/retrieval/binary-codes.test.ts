import { describe, expect, it } from 'vitest';
import { gaussian, randomNumbers } from '../../../../scripts/benchmarks/random.ts';
import { signCode, wordsOf } from '../../../../src/core/library/sign-code.ts';
import { BinaryCodes } from '../../../../src/core/retrieval/binary-codes.ts';

const DIMENSION = 100;
const random = randomNumbers(5);
const vectors = Array.from({ length: 5000 }, () =>
  Float32Array.from({ length: DIMENSION }, () => gaussian(random)),
);
const signsDiffering = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + Number(value > 0 !== b[i]! > 0), 0);

function filled(): BinaryCodes {
  const codes = new BinaryCodes(wordsOf(DIMENSION));
  vectors.forEach((vector, i) => {
    codes.add([i + 1], [i % 3], signCode(vector));
  });
  return codes;
}

describe('signCode', () => {
  it('is one bit a dimension, filled up to words', () => {
    expect(signCode(Float32Array.of(0.5, -0.5, 0, 2))).toEqual(Buffer.of(0b1001, 0, 0, 0));
    expect(signCode(new Float32Array(33).fill(1))).toEqual(Buffer.of(255, 255, 255, 255, 1, 0, 0, 0));
    expect(wordsOf(256)).toBe(8);
  });
});

describe('BinaryCodes', () => {
  it('may be given many at once', () => {
    const all = new BinaryCodes(wordsOf(DIMENSION));
    const ids = vectors.map((_, i) => i + 1);
    all.add(
      ids,
      ids.map((id) => (id - 1) % 3),
      Buffer.concat(vectors.map(signCode)),
    );
    const code = signCode(vectors[99]!);
    expect(all.nearest(code, 30, 0)).toEqual(filled().nearest(code, 30, 0));
    expect(all.nearest(code, 1, null)).toEqual([100]);
  });

  it.each([
    [null, 40],
    [1, 40],
    [null, 1],
  ])('finds in gallery %s exactly the %i whose signs differ least', (galleryId, count) => {
    const codes = filled();
    const query = vectors[17]!;
    const distances = vectors
      .map((vector, i) => ({ id: i + 1, gallery: i % 3, distance: signsDiffering(query, vector) }))
      .filter(({ gallery }) => galleryId === null || gallery === galleryId)
      .sort((a, b) => a.distance - b.distance || a.id - b.id)
      .slice(0, count)
      .map(({ id }) => id);
    const found = codes.nearest(signCode(query), count, galleryId);
    expect(found.toSorted((a, b) => a - b)).toEqual(distances.toSorted((a, b) => a - b));
  });

  it('gives all there are where more are wanted, and none of an unknown gallery', () => {
    const codes = filled();
    const code = signCode(vectors[0]!);
    expect(codes.nearest(code, 10_000, null)).toHaveLength(5000);
    expect(codes.nearest(code, 10_000, 2)).toHaveLength(codes.count(2));
    expect(codes.nearest(code, 10, 99)).toEqual([]);
    expect([codes.count(null), codes.count(0), codes.count(99)]).toEqual([5000, 1667, 0]);
    expect(new BinaryCodes(4).nearest(code, 10, null)).toEqual([]);
  });
});
