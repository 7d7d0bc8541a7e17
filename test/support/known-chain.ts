import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type OnnxConstant, type OnnxGraph, onnxModel } from './onnx-graph.ts';

/** How far the texture of a known chain departs from the photo, times the reference's mean. */
export const CHAIN_AMPLITUDE = 0.2;

/**
 * Writes a generator bundle of several graphs, as large diffusion models come, whose every answer is known: each pixel is
 * repeated 4 × 4 times, and a checkerboard is added of ± amplitude × strength × (mean of the reference). The feature of a
 * reference is a map, the amplitude a constant of the manifest.
 */
export async function writeKnownChain(folder: string, amplitude = CHAIN_AMPLITUDE): Promise<void> {
  const files = Object.fromEntries(Object.entries(GRAPHS).map(([role, graph]) => [role, onnxModel(graph)]));
  await mkdir(folder, { recursive: true });
  for (const [role, bytes] of Object.entries(files))
    await writeFile(path.join(folder, `${role}.onnx`), bytes);
  const manifest = {
    schemaVersion: 1,
    kind: 'generator',
    id: 'known-chain',
    version: '1.0.0',
    title: 'Known answers, in a chain',
    licence: 'MIT',
    precision: 'fp32',
    files: Object.entries(files).map(([role, bytes]) => ({
      path: `${role}.onnx`,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })),
    graphs: Object.entries(GRAPHS).map(([role, { inputs, outputs }]) => ({
      role,
      file: `${role}.onnx`,
      inputs: Object.keys(inputs),
      outputs: Object.keys(outputs),
    })),
    reference: {
      size: 8,
      fit: 'cover',
      maxReferences: 1,
      features: [{ name: 'reference_latent', channels: 3, height: 2, width: 2 }],
    },
    constants: [{ name: 'amplitude', dims: [1], values: [amplitude] }],
    tiles: { multiple: 8, min: 16, max: 64, overlap: 16 },
    scale: 4,
    provenance: {},
    metrics: {},
  };
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
}

const enlarge = { group: 3, strides: [4, 4], kernel_shape: [4, 4] };

/** The same 4 × 4 kernel for each of three channels. */
function kernel(valueAt: (index: number) => number): OnnxConstant {
  return { dims: [3, 1, 4, 4], values: Float32Array.from({ length: 48 }, (_, i) => valueAt(i % 16)) };
}

const scalar = (value: number): OnnxConstant => ({ dims: [1], values: Float32Array.of(value) });

/** By role, in the order they run. */
const GRAPHS: Readonly<Record<string, OnnxGraph>> = {
  'reference-encoder': {
    inputs: { reference: [1, 3, 8, 8] },
    outputs: { reference_latent: [1, 3, 2, 2] },
    nodes: [
      {
        type: 'AveragePool',
        inputs: ['reference'],
        output: 'reference_latent',
        attributes: { kernel_shape: [4, 4], strides: [4, 4] },
      },
    ],
  },
  'vae-encoder': {
    inputs: { lr: [1, 3, 'h', 'w'] },
    outputs: { latent: [1, 3, 'H', 'W'], board: [1, 3, 'H', 'W'] },
    constants: {
      zero: scalar(0),
      one: scalar(1),
      repeat: kernel(() => 1),
      checker: kernel((i) => (((i % 4) + Math.trunc(i / 4)) % 2 === 0 ? 1 : -1)),
    },
    nodes: [
      { type: 'ConvTranspose', inputs: ['lr', 'repeat'], output: 'latent', attributes: enlarge },
      { type: 'Mul', inputs: ['lr', 'zero'], output: 'zeros' },
      { type: 'Add', inputs: ['zeros', 'one'], output: 'ones' },
      { type: 'ConvTranspose', inputs: ['ones', 'checker'], output: 'board', attributes: enlarge },
    ],
  },
  controlnet: {
    inputs: { reference_latent: [1, 3, 2, 2], reference_strength: [1], amplitude: [1] },
    outputs: { height: [1] },
    nodes: [
      { type: 'ReduceMean', inputs: ['reference_latent'], output: 'mean', attributes: { keepdims: 0 } },
      { type: 'Mul', inputs: ['mean', 'reference_strength'], output: 'strength' },
      { type: 'Mul', inputs: ['strength', 'amplitude'], output: 'height' },
    ],
  },
  unet: {
    inputs: { board: [1, 3, 'H', 'W'], latent: [1, 3, 'H', 'W'], height: [1] },
    outputs: { denoised: [1, 3, 'H', 'W'] },
    nodes: [
      { type: 'Mul', inputs: ['board', 'height'], output: 'texture' },
      { type: 'Add', inputs: ['latent', 'texture'], output: 'denoised' },
    ],
  },
  'vae-decoder': {
    inputs: { denoised: [1, 3, 'H', 'W'] },
    outputs: { sr: [1, 3, 'H', 'W'] },
    nodes: [{ type: 'Identity', inputs: ['denoised'], output: 'sr' }],
  },
};
