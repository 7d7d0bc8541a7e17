import { type OnnxConstant, onnxModel } from './onnx-graph.ts';

/** Length of a token, and the side of a patch in pixels, as DINOv2 ViT-S/14 has them. */
export const TOKEN_LENGTH = 384;
const PATCH = 14;

/** How much each channel's mean counts in each value of the first token. */
export const FIRST_TOKEN_WEIGHTS = weights(1);

/**
 * A graph with the inputs and outputs of DINOv2's export, whose every answer is known: `pixel_values`
 * [N,3,H,W] → `last_hidden_state` [N,1+P,384]. The first token is the image's mean colour by
 * {@link FIRST_TOKEN_WEIGHTS}; the others are each patch's mean colour by other weights.
 *
 * @param padding bytes that make the file larger and change no answer
 */
export function knownTokensModel(padding = 0): Buffer {
  return onnxModel({
    inputs: { pixel_values: ['n', 3, 'h', 'w'] },
    outputs: { last_hidden_state: ['n', 't', TOKEN_LENGTH] },
    constants: {
      perImage: { dims: [3], values: BigInt64Array.of(0n, 1n, 3n) },
      perPatch: { dims: [3], values: BigInt64Array.of(0n, 3n, -1n) },
      first: { dims: [3, TOKEN_LENGTH], values: FIRST_TOKEN_WEIGHTS },
      others: { dims: [3, TOKEN_LENGTH], values: weights(2) },
      ...(padding > 0 ? { padding: noise(Math.ceil(padding / 4)) } : {}),
    },
    nodes: [
      { type: 'GlobalAveragePool', inputs: ['pixel_values'], output: 'mean' },
      { type: 'Reshape', inputs: ['mean', 'perImage'], output: 'meanRow' },
      { type: 'MatMul', inputs: ['meanRow', 'first'], output: 'firstToken' },
      {
        type: 'AveragePool',
        inputs: ['pixel_values'],
        output: 'patches',
        attributes: { kernel_shape: [PATCH, PATCH], strides: [PATCH, PATCH] },
      },
      { type: 'Reshape', inputs: ['patches', 'perPatch'], output: 'patchColumns' },
      { type: 'Transpose', inputs: ['patchColumns'], output: 'patchRows', attributes: { perm: [0, 2, 1] } },
      { type: 'MatMul', inputs: ['patchRows', 'others'], output: 'patchTokens' },
      {
        type: 'Concat',
        inputs: ['firstToken', 'patchTokens'],
        output: 'last_hidden_state',
        attributes: { axis: 1 },
      },
    ],
  });
}

function weights(seed: number): Float32Array {
  return Float32Array.from({ length: 3 * TOKEN_LENGTH }, (_, i) => Math.sin(seed * (i + 1)));
}

function noise(length: number): OnnxConstant {
  return { dims: [length], values: Float32Array.from({ length }, (_, i) => Math.sin(i * i)) };
}
