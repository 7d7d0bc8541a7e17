import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type OnnxConstant, type OnnxNode, onnxModel } from './onnx-graph.ts';

/** How the generator goes wrong, as some devices do. */
export type KnownFault = 'none' | 'no graph' | 'NaN where white' | 'infinity where white' | 'black';

/** How far the texture of a known generator departs from the photo, times the reference's mean. */
export const TEXTURE_AMPLITUDE = 0.2;

/**
 * Writes a generator bundle whose every answer is known. Its encoder gives a reference's mean colour; its
 * generator repeats each pixel 4 × 4 times and adds a checkerboard of ± amplitude × strength × (mean of
 * all features): detail that the colour fix, which follows low frequencies, leaves alone.
 *
 * @param detail makes it a generator with this setting, and is its default: the checkerboard is amplitude × detail higher
 */
export async function writeKnownGenerator(
  folder: string,
  fault: KnownFault = 'none',
  detail: number | null = null,
): Promise<void> {
  const files = {
    'reference-encoder.onnx': encoder(),
    'generator.onnx': fault === 'no graph' ? Buffer.from('no graph') : generator(fault, detail !== null),
  };
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(folder, name), bytes);
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest(files, detail)));
}

function encoder(): Buffer {
  return onnxModel({
    inputs: { reference: [1, 3, 8, 8] },
    outputs: { feature: [1, 1, 3] },
    constants: { shape: { dims: [3], values: BigInt64Array.of(1n, 1n, 3n) } },
    nodes: [
      {
        type: 'ReduceMean',
        inputs: ['reference'],
        output: 'mean',
        attributes: { axes: [2, 3], keepdims: 1 },
      },
      { type: 'Reshape', inputs: ['mean', 'shape'], output: 'feature' },
    ],
  });
}

function generator(fault: KnownFault, withDetail: boolean): Buffer {
  const enlarge = { group: 3, strides: [4, 4], kernel_shape: [4, 4] };
  return onnxModel({
    inputs: {
      lr: [1, 3, 'h', 'w'],
      feature: [1, 'n', 3],
      reference_strength: [1],
      ...(withDetail ? { detail: [1] } : {}),
    },
    outputs: { sr: [1, 3, 'H', 'W'] },
    constants: {
      zero: scalar(0),
      one: scalar(1),
      tiny: scalar(1e-30),
      amplitude: scalar(TEXTURE_AMPLITUDE),
      repeat: kernel(() => 1),
      checker: kernel((i) => (((i % 4) + Math.trunc(i / 4)) % 2 === 0 ? 1 : -1)),
    },
    nodes: [
      { type: 'ConvTranspose', inputs: ['lr', 'repeat'], output: 'large', attributes: enlarge },
      { type: 'Mul', inputs: ['lr', 'zero'], output: 'zeros' },
      { type: 'Add', inputs: ['zeros', 'one'], output: 'ones' },
      { type: 'ConvTranspose', inputs: ['ones', 'checker'], output: 'board', attributes: enlarge },
      { type: 'ReduceMean', inputs: ['feature'], output: 'mean', attributes: { keepdims: 0 } },
      { type: 'Mul', inputs: ['mean', 'reference_strength'], output: 'strength' },
      { type: 'Add', inputs: ['strength', withDetail ? 'detail' : 'zero'], output: 'loudness' },
      { type: 'Mul', inputs: ['loudness', 'amplitude'], output: 'height' },
      { type: 'Mul', inputs: ['board', 'height'], output: 'texture' },
      { type: 'Add', inputs: ['large', 'texture'], output: 'whole' },
      ...ending(fault),
    ],
  });
}

/** 1 / (1 − large) is infinite exactly where the photo is white. */
function ending(fault: KnownFault): OnnxNode[] {
  if (fault === 'none') return [{ type: 'Identity', inputs: ['whole'], output: 'sr' }];
  if (fault === 'black') return [{ type: 'Mul', inputs: ['whole', 'zero'], output: 'sr' }];
  return [
    { type: 'Sub', inputs: ['one', 'large'], output: 'gap' },
    { type: 'Div', inputs: ['one', 'gap'], output: 'inverse' },
    { type: 'Mul', inputs: ['inverse', fault === 'NaN where white' ? 'zero' : 'tiny'], output: 'fault' },
    { type: 'Add', inputs: ['whole', 'fault'], output: 'sr' },
  ];
}

const scalar = (value: number): OnnxConstant => ({ dims: [1], values: Float32Array.of(value) });

/** The same 4 × 4 kernel for each of three channels. */
function kernel(valueAt: (index: number) => number): OnnxConstant {
  return { dims: [3, 1, 4, 4], values: Float32Array.from({ length: 48 }, (_, i) => valueAt(i % 16)) };
}

function manifest(files: Readonly<Record<string, Buffer>>, detail: number | null): object {
  return {
    schemaVersion: 1,
    kind: 'generator',
    id: 'known-generator',
    version: '1.0.0',
    title: 'Known answers',
    licence: 'MIT',
    precision: 'fp32',
    files: Object.entries(files).map(([name, bytes]) => ({
      path: name,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })),
    graphs: [
      {
        role: 'reference-encoder',
        file: 'reference-encoder.onnx',
        inputs: ['reference'],
        outputs: ['feature'],
      },
      {
        role: 'generator',
        file: 'generator.onnx',
        inputs: ['lr', 'feature', 'reference_strength', ...(detail === null ? [] : ['detail'])],
        outputs: ['sr'],
      },
    ],
    reference: {
      size: 8,
      fit: 'cover',
      maxReferences: 2,
      features: [{ name: 'feature', channels: 3, tokens: 1 }],
    },
    tiles: { multiple: 8, min: 16, max: 64, overlap: 16 },
    scale: 4,
    ...(detail === null ? {} : { detail: { default: detail } }),
    provenance: {},
    metrics: {},
  };
}
