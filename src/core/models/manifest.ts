import { z } from 'zod';

const fileEntry = z.object({
  path: z.string().regex(/^[\w.-]+\.onnx$/, 'a plain file name ending in .onnx'),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits'),
});

const graph = <Role extends string>(role: Role) =>
  z.object({
    role: z.literal(role),
    file: z.string(),
    inputs: z.array(z.string()).min(1),
    outputs: z.array(z.string()).min(1),
  });

/** How an image is brought to a network's square input. */
const fit = z.enum(['cover', 'fill']);
const rgbTriple = z.tuple([z.number(), z.number(), z.number()]);

const common = {
  schemaVersion: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'kebab-case'),
  version: z.string().regex(/^\d+\.\d+\.\d+/, 'a semantic version'),
  title: z.string().min(1),
  licence: z.string().min(1),
  precision: z.enum(['fp32', 'fp16-weights']),
  files: z.array(fileEntry).min(1),
  /** Training data, command, hardware, hours, samples: who made these weights and how. */
  provenance: z.record(z.string(), z.unknown()),
  /** Benchmark figures as the exporter measured them. */
  metrics: z.record(z.string(), z.unknown()),
};

export const retrieverManifest = z.object({
  ...common,
  kind: z.literal('retriever'),
  /** pixel_values [N,3,size,size] → embedding [N,dimension], or tokens [N,1+P,dimension] with pooling `cls`. */
  graphs: z.tuple([graph('retriever')]),
  preprocessing: z
    .object({
      size: z.int().positive(),
      fit,
      /** With `cover`: the shorter side is brought to this, then the centre cropped to `size`; else to `size`. */
      resize: z.int().positive().optional(),
      mean: rgbTriple,
      std: rgbTriple,
    })
    .refine(
      ({ size, fit, resize = size }) => resize === size || (fit === 'cover' && resize > size),
      'resize goes with fit cover, and is no less than size',
    ),
  /** A photo is embedded once for each of these central shares of its sides; the best similarity counts. */
  queryCrops: z.array(z.number().gt(0).max(1)).min(1).default([1]),
  /** `cls`: the first token is the embedding, as vision transformers put it out. */
  embedding: z.object({
    dimension: z.int().positive(),
    pooling: z.enum(['none', 'cls']).default('none'),
  }),
  /** Cosine similarity below which a reference is rejected, and what calibration saw at it where it was measured. */
  calibration: z.object({
    threshold: z.number().min(-1).max(1),
    inGalleryAccepted: z.number().min(0).max(1).optional(),
    outOfGalleryAccepted: z.number().min(0).max(1).optional(),
    /** What few pictures exceed that show another object of the same kind. */
    sameObject: z.number().min(-1).max(1).optional(),
    /** What 5 % and 1 % of photos exceed whose thing no gallery holds. */
    outOfGallery: z.object({ p95: z.number().min(-1).max(1), p99: z.number().min(-1).max(1) }).optional(),
    description: z.string(),
  }),
});

const generatorFields = {
  ...common,
  kind: z.literal('generator'),
  /**
   * reference [1,3,R,R] → features, each a token sequence [1,N,C];
   * lr [1,3,h,w], features…, reference_strength [1] → sr [1,3,4h,4w]. RGB 0…1, sr not clamped.
   */
  graphs: z.tuple([graph('reference-encoder'), graph('generator')]),
  reference: z.object({
    size: z.int().positive(),
    fit,
    /** References whose token sequences may be joined for one restoration. */
    maxReferences: z.int().positive(),
    features: z
      .array(z.object({ name: z.string(), channels: z.int().positive(), tokens: z.int().positive() }))
      .min(1),
  }),
  /** Sides of a tile in pixels of the photo; `overlap` is the width over which neighbours are blended. */
  tiles: z
    .object({
      multiple: z.int().positive(),
      min: z.int().positive(),
      max: z.int().positive(),
      overlap: z.int().nonnegative(),
    })
    .refine(
      (tiles) => tiles.max >= tiles.min && tiles.max > 2 * tiles.overlap,
      'max must exceed min and two overlaps',
    ),
  /** Goes with a graph input `detail` [1]: how much detail to invent, 0…1, where the user leaves it to the model. */
  detail: z.object({ default: z.number().min(0).max(1) }).optional(),
  scale: z.literal(4),
};

export const generatorManifest = z
  .object(generatorFields)
  .refine(
    ({ graphs, detail }) => graphs.some(({ inputs }) => inputs.includes('detail')) === (detail !== undefined),
    { path: ['detail'], error: 'goes with a graph input named detail' },
  );

export const fusionManifest = z.object({
  ...common,
  kind: z.literal('fusion'),
  /**
   * photo [1,3,h,w], aligned [1,3,4h,4w], coverage [1,1,h,w], reference_strength [1] → fused [1,3,4h,4w], not clamped, and
   * trust [1,1,h,w], 0…1: how much of the output shall come from `fused`. RGB 0…1.
   */
  graphs: z.tuple([graph('fusion')]),
  /** Sides of a tile, in pixels of the photo, are multiples of this. */
  multiple: z.int().positive(),
  scale: z.literal(4),
});

/** `manifest.json` of a model bundle, schema version 1 (docs/model-bundles.md). */
export const bundleManifest = z.discriminatedUnion('kind', [
  retrieverManifest,
  generatorManifest,
  fusionManifest,
]);

export type RetrieverManifest = z.infer<typeof retrieverManifest>;
export type GeneratorManifest = z.infer<typeof generatorManifest>;
export type FusionManifest = z.infer<typeof fusionManifest>;
export type BundleManifest = z.infer<typeof bundleManifest>;
export type BundleKind = BundleManifest['kind'];
