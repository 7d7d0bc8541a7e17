import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onnxModel } from './onnx-graph.ts';

/** Writes a fusion bundle whose every answer is known: the aligned reference as it is, trusted wherever it reaches. */
export async function writeKnownFusion(folder: string): Promise<void> {
  const bytes = onnxModel({
    inputs: {
      photo: [1, 3, 'h', 'w'],
      aligned: [1, 3, 'H', 'W'],
      coverage: [1, 1, 'h', 'w'],
      reference_strength: [1],
    },
    outputs: { fused: [1, 3, 'H', 'W'], trust: [1, 1, 'h', 'w'] },
    constants: { zero: { dims: [1], values: Float32Array.of(0) } },
    nodes: [
      { type: 'Identity', inputs: ['aligned'], output: 'fused' },
      { type: 'Mul', inputs: ['coverage', 'reference_strength'], output: 'believed' },
      // The graph has to use its photo.
      { type: 'ReduceMean', inputs: ['photo'], output: 'mean', attributes: { keepdims: 1 } },
      { type: 'Mul', inputs: ['mean', 'zero'], output: 'nothing' },
      { type: 'Add', inputs: ['believed', 'nothing'], output: 'trust' },
    ],
  });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'fusion.onnx'), bytes);
  const manifest = {
    schemaVersion: 1,
    kind: 'fusion',
    id: 'known-fusion',
    version: '1.0.0',
    title: 'Known answers',
    licence: 'MIT',
    precision: 'fp32',
    files: [
      {
        path: 'fusion.onnx',
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
    ],
    graphs: [
      {
        role: 'fusion',
        file: 'fusion.onnx',
        inputs: ['photo', 'aligned', 'coverage', 'reference_strength'],
        outputs: ['fused', 'trust'],
      },
    ],
    multiple: 8,
    scale: 4,
    provenance: {},
    metrics: {},
  };
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
}
