import { RasrError } from '../errors.ts';
import type { RetrieverManifest } from './manifest.ts';

/** A bundle that can be fetched from the Hugging Face hub. */
export interface CatalogueEntry {
  /** Who it is for, in a sentence. */
  readonly description: string;
  /** The one ONNX file, at a commit: what lies there does not change. */
  readonly source: { readonly repository: string; readonly revision: string; readonly path: string };
  /** Size to tell before the hub is asked; what counts is the hub's own word. */
  readonly bytes: number;
  /** The manifest to write, but for `files`, which the hub's answer fills. */
  readonly manifest: Omit<RetrieverManifest, 'files'>;
}

/** Name of the ONNX file in a fetched bundle. */
export const MODEL_FILE = 'model.onnx';

export const CATALOGUE: readonly CatalogueEntry[] = [
  {
    description: 'A general retriever by Meta AI, trained on 142 million photos.',
    source: {
      repository: 'onnx-community/dinov2-small',
      revision: '8b1f705a3a7f6f062f6bdd21986c1583d3ef105d',
      path: 'onnx/model.onnx',
    },
    bytes: 88_532_934,
    manifest: {
      schemaVersion: 1,
      kind: 'retriever',
      id: 'dinov2-small',
      version: '1.0.0',
      title: 'DINOv2 ViT-S/14',
      licence: 'Apache-2.0',
      precision: 'fp32',
      graphs: [
        { role: 'retriever', file: MODEL_FILE, inputs: ['pixel_values'], outputs: ['last_hidden_state'] },
      ],
      // The repository's preprocessor_config.json: transformers' BitImageProcessor, bicubic.
      preprocessing: {
        size: 224,
        resize: 256,
        fit: 'cover',
        mean: [0.485, 0.456, 0.406],
        std: [0.229, 0.224, 0.225],
      },
      queryCrops: [1],
      softReferences: 1,
      embedding: { dimension: 384, pooling: 'cls' },
      // Not measured: no weights were at hand where this was written. High on purpose, for a good reference
      // passed over costs less than a wrong one used; calibration on the user's own galleries takes its place.
      calibration: {
        threshold: 0.6,
        description: 'Not measured: a cautious guess until it is calibrated on your own galleries.',
      },
      provenance: {
        data: 'LVD-142M (Meta AI, DINOv2: Learning Robust Visual Features without Supervision)',
        weights: 'facebook/dinov2-small',
        notes:
          'Exported to ONNX by onnx-community. RASR neither trained nor measured it; threshold not measured.',
      },
      metrics: {},
    },
  },
];

/** @throws RasrError `BUNDLE_MISSING`, naming those that can be fetched */
export function catalogueEntry(id: string): CatalogueEntry {
  const entry = CATALOGUE.find(({ manifest }) => manifest.id === id);
  if (entry !== undefined) return entry;
  throw new RasrError(
    'BUNDLE_MISSING',
    `There is no model called "${id}" to download.`,
    `There are: ${CATALOGUE.map(({ manifest }) => manifest.id).join(', ')}.`,
  );
}
