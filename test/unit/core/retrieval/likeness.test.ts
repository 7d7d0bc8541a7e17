import { describe, expect, it } from 'vitest';
import { likenessAmong, nearDuplicateFrom } from '../../../../src/core/retrieval/likeness.ts';

const DIMENSION = 128;
const scale = { threshold: 0.7, sameKind: 0.75, sameObject: 0.92 };

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Unit vectors without much in common. */
function axis(n: number): Float32Array {
  return unit(
    Float32Array.from({ length: DIMENSION }, (_, i) => Math.sin((n + 1) * 78.233 * (i + 1) ** 1.7)),
  );
}

/** A unit vector of this similarity to an axis. */
function near(n: number, similarity: number, towards: number): Float32Array {
  const one = axis(n);
  const across = axis(towards);
  const along = dot(one, across);
  const other = unit(across.map((value, i) => value - along * one[i]!));
  return one.map((value, i) => similarity * value + Math.sqrt(1 - similarity ** 2) * other[i]!);
}

describe('likenessAmong', () => {
  it('groups what shows the same picture, over several steps, and finds what stands alone', async () => {
    const embedded = [
      { id: 11, vector: axis(1) },
      { id: 12, vector: axis(2) },
      { id: 13, vector: near(1, 0.99, 9) },
      { id: 14, vector: near(1, 0.985, 10) },
      { id: 15, vector: near(2, 0.8, 11) },
      { id: 16, vector: axis(5) },
      { id: 17, vector: axis(1) },
    ];
    const likeness = await likenessAmong(embedded, scale);
    expect(likeness.compared).toBe(7);
    expect(likeness.nearDuplicates.map((group) => [...group].sort())).toEqual([[11, 13, 14, 17]]);
    // 12 and 15 are of a kind, and no duplicates.
    expect(likeness.alone).toEqual([16]);
  });

  it('has nothing to say of one reference, and of none', async () => {
    expect(await likenessAmong([], scale)).toEqual({ compared: 0, nearDuplicates: [], alone: [] });
    const one = await likenessAmong([{ id: 1, vector: axis(1) }], scale);
    expect(one).toEqual({ compared: 1, nearDuplicates: [], alone: [1] });
  });

  it('says the same as comparing every pair', async () => {
    const embedded = Array.from({ length: 300 }, (_, n) => ({
      id: n,
      vector: near(1 + (n % 60), 0.4 + ((n * 7919) % 600) / 1000, 101 + n),
    }));
    const alone = embedded
      .filter(({ id, vector }) =>
        embedded.every((other) => other.id === id || dot(vector, other.vector) < scale.threshold),
      )
      .map(({ id }) => id);
    const { nearDuplicates, ...found } = await likenessAmong(embedded, scale);
    expect(found.alone).toEqual(alone);
    expect(alone.length).toBeGreaterThan(0);
    const inGroup = new Set(nearDuplicates.flat());
    for (const { id, vector } of embedded) {
      const twin = embedded.some(
        (other) => other.id !== id && dot(vector, other.vector) >= nearDuplicateFrom(scale),
      );
      expect(inGroup.has(id)).toBe(twin);
    }
  });

  it('stops where it is told to', async () => {
    const embedded = Array.from({ length: 4000 }, (_, id) => ({ id, vector: axis(id % 60) }));
    await expect(likenessAmong(embedded, scale, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
