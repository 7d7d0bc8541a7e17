import { z } from 'zod';
import { common, fit, graph } from './manifest-common.ts';

/** Numbers a constant may have: anything larger belongs into the graph. */
const MAX_CONSTANT = 4096;

const size = z.int().positive();

/** A token sequence [1,tokens,channels], to be joined with those of other references, or a map [1,channels,height,width]. */
const feature = z.union([
  z.object({ name: z.string(), channels: size, tokens: size }),
  z.object({ name: z.string(), channels: size, height: size, width: size }),
]);
export type FeatureEntry = z.infer<typeof feature>;

/** What the engine feeds by name, beside features and constants. */
const SCALARS = ['reference_strength', 'detail'] as const;

const fields = z.object({
  ...common,
  kind: z.literal('generator'),
  /**
   * `reference-encoder`: reference [1,3,R,R] → features. All others make the restored tile, in their order: each is fed by name
   * with `lr` [1,3,h,w], the features, the constants, `reference_strength` [1], `detail` [1], and what the graphs
   * before it put out. The first output of the last is sr [1,3,4h,4w]. RGB 0…1, sr not clamped.
   */
  graphs: z.array(graph(z.string().regex(/^[a-z][a-z-]*$/, 'kebab-case'))).min(2),
  reference: z
    .object({
      size,
      fit,
      /** References whose token sequences may be joined for one restoration. */
      maxReferences: size,
      features: z.array(feature).min(1),
    })
    .refine(
      ({ maxReferences, features }) => maxReferences === 1 || features.every((each) => 'tokens' in each),
      {
        path: ['maxReferences'],
        error: 'must be 1: maps of several references cannot be joined',
      },
    ),
  /** Tensors that graphs ask for and that never change, such as which of the trained categories is meant. */
  constants: z
    .array(
      z
        .object({ name: z.string(), dims: z.array(size), values: z.array(z.number()).max(MAX_CONSTANT) })
        .refine(
          ({ dims, values }) => dims.reduce((a, b) => a * b, 1) === values.length,
          'dims do not fit values',
        ),
    )
    .default([]),
  /** Sides of a tile in pixels of the photo; `overlap` is the width over which neighbours are blended. */
  tiles: z
    .object({ multiple: size, min: size, max: size, overlap: z.int().nonnegative() })
    .refine(
      (tiles) => tiles.max >= tiles.min && tiles.max > 2 * tiles.overlap,
      'max must exceed min and two overlaps',
    ),
  /** Goes with a graph input `detail` [1]: how much detail to invent, 0…1, where the user leaves it to the model. */
  detail: z.object({ default: z.number().min(0).max(1) }).optional(),
  scale: z.literal(4),
});

export const generatorManifest = fields
  .refine(
    ({ graphs, detail }) => graphs.some(({ inputs }) => inputs.includes('detail')) === (detail !== undefined),
    { path: ['detail'], error: 'goes with a graph input named detail' },
  )
  .superRefine((manifest, context) => {
    const fault = chainFault(manifest);
    if (fault !== null) context.addIssue({ code: 'custom', path: ['graphs'], message: fault });
  });

/** Why the graphs cannot be run one after another, or null where they can. */
function chainFault({ graphs, reference, constants }: z.infer<typeof fields>): string | null {
  const roles = graphs.map(({ role }) => role);
  const twice = roles.find((role, i) => roles.indexOf(role) < i);
  if (twice !== undefined) return `two have the role ${twice}`;
  const encoder = graphs.find(({ role }) => role === 'reference-encoder');
  if (encoder === undefined) return 'none has the role reference-encoder';
  if (encoder.inputs.length !== 1) return 'the reference-encoder must have one input';
  const features = reference.features.map(({ name }) => name);
  const lacking = features.find((name) => !encoder.outputs.includes(name));
  if (lacking !== undefined) return `the reference-encoder has no output ${lacking}`;

  const given = ['lr', ...features, ...constants.map(({ name }) => name), ...SCALARS];
  const known = new Set<string>();
  const asked = new Set<string>();
  for (const name of given) {
    if (known.has(name)) return `there are two tensors named ${name}`;
    known.add(name);
  }
  for (const { role, inputs, outputs } of graphs.filter((each) => each !== encoder)) {
    for (const name of inputs) {
      if (!known.has(name)) return `${role} asks for ${name}, which nothing before it gives`;
      asked.add(name);
    }
    for (const name of outputs) {
      if (known.has(name)) return `there are two tensors named ${name}`;
      known.add(name);
    }
  }
  const unheard = ['lr', 'reference_strength'].find((name) => !asked.has(name));
  return unheard === undefined ? null : `none asks for ${unheard}`;
}
