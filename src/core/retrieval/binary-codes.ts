/** Codes the arrays have room for at least. */
const MIN_CAPACITY = 4096;

/** Sign codes in memory, searched by Hamming distance: a million of 256 bits are 48 MB and one pass. */
export class BinaryCodes {
  readonly #words: number;
  #count = 0;
  #codes = new Uint32Array(0);
  #referenceIds = new Float64Array(0);
  #galleryIds = new Float64Array(0);
  readonly #perGallery = new Map<number, number>();

  /** @param words 32-bit words of a code */
  constructor(words: number) {
    this.#words = words;
  }

  /** How many codes there are, in one gallery or in all. */
  count(galleryId: number | null): number {
    return galleryId === null ? this.#count : (this.#perGallery.get(galleryId) ?? 0);
  }

  /** @param codes little-endian bytes of one code after another, as many as there are ids */
  add(referenceIds: readonly number[], galleryIds: readonly number[], codes: Buffer): void {
    const words = this.#words;
    this.#reserve(this.#count + referenceIds.length);
    this.#referenceIds.set(referenceIds, this.#count);
    this.#galleryIds.set(galleryIds, this.#count);
    for (let word = 0; word < referenceIds.length * words; word++) {
      this.#codes[this.#count * words + word] = codes.readUInt32LE(word * 4);
    }
    for (const id of galleryIds) this.#perGallery.set(id, this.count(id) + 1);
    this.#count += referenceIds.length;
  }

  /**
   * References whose codes differ from `code` in the fewest bits, those at the last distance in the order
   * they were added.
   *
   * @param galleryId one gallery, or null for all
   */
  nearest(code: Buffer, count: number, galleryId: number | null): number[] {
    const distances = this.#distances(code, galleryId);
    const beyond = this.#words * 32 + 1;
    const histogram = new Uint32Array(beyond + 1);
    for (const distance of distances) histogram[distance]!++;
    let limit = 0;
    let within = 0;
    while (limit < beyond && within + histogram[limit]! <= count) within += histogram[limit++]!;
    let atLimit = limit < beyond ? count - within : 0;
    const found: number[] = [];
    for (let i = 0; i < this.#count; i++) {
      const distance = distances[i]!;
      if (distance < limit || (distance === limit && atLimit-- > 0)) found.push(this.#referenceIds[i]!);
    }
    return found;
  }

  /** Bits that differ, for every code; one more than there are bits for those of other galleries. */
  #distances(code: Buffer, galleryId: number | null): Uint16Array {
    const words = this.#words;
    const query = Uint32Array.from({ length: words }, (_, word) => code.readUInt32LE(word * 4));
    const distances = new Uint16Array(this.#count);
    const codes = this.#codes;
    for (let i = 0; i < this.#count; i++) {
      if (galleryId !== null && this.#galleryIds[i] !== galleryId) {
        distances[i] = words * 32 + 1;
        continue;
      }
      let distance = 0;
      const start = i * words;
      for (let word = 0; word < words; word++) distance += countBits(codes[start + word]! ^ query[word]!);
      distances[i] = distance;
    }
    return distances;
  }

  #reserve(count: number): void {
    if (count <= this.#referenceIds.length) return;
    const length = Math.max(count, this.#count * 2, MIN_CAPACITY);
    const grown = <List extends Uint32Array | Float64Array>(list: List, into: List): List => {
      into.set(list);
      return into;
    };
    this.#codes = grown(this.#codes, new Uint32Array(length * this.#words));
    this.#referenceIds = grown(this.#referenceIds, new Float64Array(length));
    this.#galleryIds = grown(this.#galleryIds, new Float64Array(length));
  }
}

/** Bits set in a 32-bit word (Warren, Hacker's Delight, 5-1). */
export function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
