/**
 * The signs of a vector, one bit a dimension, least significant bit first, filled up with zeros to whole
 * 32-bit words: binary quantisation as in sqlite-vec's `vec_quantize_binary`. Vectors at a small angle
 * differ in few bits.
 */
export function signCode(vector: Float32Array): Buffer {
  const code = Buffer.alloc(wordsOf(vector.length) * 4);
  vector.forEach((value, i) => {
    if (value > 0) code[i >> 3]! |= 1 << (i & 7);
  });
  return code;
}

/** 32-bit words in the code of a vector. */
export function wordsOf(dimension: number): number {
  return Math.ceil(dimension / 32);
}
