import { z } from 'zod';
import { generatorManifest } from './generator-manifest.ts';
import { common, fit, graph } from './manifest-common.ts';

const rgbTriple = z.tuple([z.number(), z.number(), z.number()]);

export const retrieverManifest = z
  .object({
    ...common,
    kind: z.literal('retriever'),
    /** pixel_values [N,3,size,size] → embedding [N,dimension], or tokens [N,1+P,dimension] with pooling `cls`. */
    graphs: z.tuple([graph(z.literal('retriever'))]),
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
    /**
     * A reference is embedded as it is, and once more with the average of so many pixels, each way, in place of each; the
     * mean of both is its embedding. A divisor of the size; 1 embeds it as it is alone.
     */
    softReferences: z.int().positive().default(1),
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
  })
  .refine(
    ({ preprocessing, softReferences }) => preprocessing.size % softReferences === 0,
    'softReferences is a divisor of the size',
  );

export const fusionManifest = z.object({
  ...common,
  kind: z.literal('fusion'),
  /**
   * photo [1,3,h,w], aligned [1,3,4h,4w], coverage [1,1,h,w], reference_strength [1] → fused [1,3,4h,4w], not clamped, and
   * trust [1,1,h,w], 0…1: how much of the output shall come from `fused`. RGB 0…1.
   */
  graphs: z.tuple([graph(z.literal('fusion'))]),
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
