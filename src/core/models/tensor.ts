/** A float32 tensor: `data` in row-major order of `dims`. */
export interface FloatTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** Tensors by the graph's own names. */
export type NamedTensors = Readonly<Record<string, FloatTensor>>;
