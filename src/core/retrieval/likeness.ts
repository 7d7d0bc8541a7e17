import { setImmediate as nextTurn } from 'node:timers/promises';
import { signCode, wordsOf } from '../library/sign-code.ts';
import { countBits } from './binary-codes.ts';
import type { SimilarityScale } from './closeness.ts';

/** How the references of a gallery resemble one another. */
export interface Likeness {
  /** References that were compared. */
  readonly compared: number;
  /** Ids of references that show the same picture: copies, other sizes, slight crops. Each group has two or more. */
  readonly nearDuplicates: readonly (readonly number[])[];
  /** Ids of references that no other one of the gallery resembles enough to be found by its photo. */
  readonly alone: readonly number[];
}

export interface Embedded {
  readonly id: number;
  /** Unit length. */
  readonly vector: Float32Array;
}

/**
 * Near-duplicates are from here on, half way from 'same object' to the same vector: of 411 photos no two of
 * different shots come as near (0.961 at most), and copies at a quarter of the size have 0.995 and more.
 */
export function nearDuplicateFrom({ sameObject }: SimilarityScale): number {
  return (1 + (sameObject ?? 0.93)) / 2;
}

/** Milliseconds of computing before others have their turn. */
const TURN_MS = 15;

/**
 * Compares all references of a gallery with one another: by their codes first, and exactly where those say that it
 * matters. 10,000 references are 50 million pairs.
 */
export async function likenessAmong(
  embedded: readonly Embedded[],
  scale: SimilarityScale,
  signal?: AbortSignal,
): Promise<Likeness> {
  const count = embedded.length;
  const dimension = embedded[0]?.vector.length ?? 0;
  const words = wordsOf(dimension);
  const codes = codesOf(embedded, words);
  const duplicateFrom = nearDuplicateFrom(scale);
  const duplicateBits = bitsWithin(duplicateFrom, dimension);
  const kindBits = bitsWithin(scale.threshold, dimension);
  const alone = new Uint8Array(count).fill(1);
  const groups = new Groups(count);
  const turns = new Turns(signal);
  for (let i = 1; i < count; i++) {
    for (let j = 0; j < i; j++) {
      let bits = 0;
      for (let word = 0; word < words; word++) {
        bits += countBits(codes[i * words + word]! ^ codes[j * words + word]!);
      }
      const tells = bits <= duplicateBits || (bits <= kindBits && (alone[i] === 1 || alone[j] === 1));
      if (!tells) continue;
      const similarity = dot(embedded[i]!.vector, embedded[j]!.vector);
      if (similarity >= scale.threshold) alone[i] = alone[j] = 0;
      if (similarity >= duplicateFrom) groups.join(i, j);
    }
    await turns.pause();
  }
  // Codes can hide a likeness. Whatever seems to stand alone is compared with all.
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count && alone[i] === 1; j++) {
      if (j !== i && dot(embedded[i]!.vector, embedded[j]!.vector) >= scale.threshold)
        alone[i] = alone[j] = 0;
    }
    await turns.pause();
  }
  const ids = embedded.map(({ id }) => id);
  return {
    compared: count,
    nearDuplicates: groups.ofSeveral().map((members) => members.map((n) => ids[n]!)),
    alone: ids.filter((_, n) => alone[n] === 1),
  };
}

/** Bits in which codes of vectors this similar may differ: what is expected of the angle, and four deviations. */
function bitsWithin(similarity: number, dimension: number): number {
  const share = Math.acos(Math.min(1, Math.max(-1, similarity))) / Math.PI;
  return dimension * share + 4 * Math.sqrt(dimension * share * (1 - share));
}

function codesOf(embedded: readonly Embedded[], words: number): Uint32Array {
  const codes = new Uint32Array(embedded.length * words);
  for (const [n, { vector }] of embedded.entries()) {
    const code = signCode(vector);
    for (let word = 0; word < words; word++) codes[n * words + word] = code.readUInt32LE(word * 4);
  }
  return codes;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Lets others have their turn in a long computation. */
class Turns {
  readonly #signal: AbortSignal | undefined;
  #begun = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  async pause(): Promise<void> {
    if (performance.now() - this.#begun < TURN_MS) return;
    await nextTurn();
    this.#signal?.throwIfAborted();
    this.#begun = performance.now();
  }
}

/** Disjoint sets. */
class Groups {
  readonly #parent: Uint32Array;

  constructor(count: number) {
    this.#parent = Uint32Array.from({ length: count }, (_, n) => n);
  }

  join(a: number, b: number): void {
    const [one, other] = [this.#root(a), this.#root(b)];
    this.#parent[Math.max(one, other)] = Math.min(one, other);
  }

  ofSeveral(): number[][] {
    const members = Map.groupBy(this.#parent.keys(), (n) => this.#root(n));
    return [...members.values()].filter(({ length }) => length > 1);
  }

  #root(n: number): number {
    let at = n;
    while (this.#parent[at] !== at) at = this.#parent[at]!;
    return at;
  }
}
