import { gaussian, randomNumbers } from './random.ts';

/*
 * Vectors that lie as the embedded retriever's do. Measured on 483 photos and rendered pictures: the variance
 * falls off as exp(−i / 60) along the principal axes (144 dimensions by the participation ratio), and 0.63 of
 * it is within a label.
 */
const AXES = 192;
const FALL = 60;
const WITHIN = 0.63;

/** Draws unit-length embeddings of galleries, the same ones for the same seed. */
export class SyntheticVectors {
  #random: () => number;
  readonly #dimension: number;
  readonly #axes: Float32Array[];

  constructor(dimension: number, seed: number) {
    this.#random = randomNumbers(seed);
    this.#dimension = dimension;
    this.#axes = Array.from({ length: AXES }, (_, i) => {
      const axis = Float32Array.from({ length: dimension }, () => gaussian(this.#random));
      const scale = Math.sqrt(Math.exp(-i / FALL)) / Math.hypot(...axis);
      return axis.map((value) => value * scale);
    });
  }

  /** Draws from here on what another seed gives, along the same axes. */
  restart(seed: number): void {
    this.#random = randomNumbers(seed);
  }

  /** The middle of a gallery, not of unit length. */
  centre(): Float32Array {
    return this.#draw(Math.sqrt(1 - WITHIN));
  }

  /** A unit-length vector of the gallery with this middle. */
  near(centre: Float32Array): Float32Array {
    const vector = this.#draw(Math.sqrt(WITHIN));
    let squares = 0;
    for (let i = 0; i < vector.length; i++) {
      vector[i]! += centre[i]!;
      squares += vector[i]! ** 2;
    }
    const length = Math.sqrt(squares);
    return vector.map((value) => value / length);
  }

  #draw(scale: number): Float32Array {
    const vector = new Float32Array(this.#dimension);
    for (const axis of this.#axes) {
      const amount = scale * gaussian(this.#random);
      for (let i = 0; i < vector.length; i++) vector[i]! += amount * axis[i]!;
    }
    return vector;
  }
}
