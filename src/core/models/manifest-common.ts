import { z } from 'zod';

const fileEntry = z.object({
  path: z.string().regex(/^[\w.-]+\.onnx$/, 'a plain file name ending in .onnx'),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits'),
});

/** One ONNX graph of a bundle: what it is for, its file, and the names of its inputs and outputs. */
export const graph = <Role extends z.ZodType<string>>(role: Role) =>
  z.object({
    role,
    file: z.string(),
    inputs: z.array(z.string()).min(1),
    outputs: z.array(z.string()).min(1),
  });

/** How an image is brought to a network's square input. */
export const fit = z.enum(['cover', 'fill']);

/** What every manifest says. */
export const common = {
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
