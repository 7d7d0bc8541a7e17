import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { RasrError } from '../errors.ts';
import type { Bundle } from './bundle.ts';
import { type Device, sessionOptions } from './device.ts';
import type { BundleManifest } from './manifest.ts';
import { verifyBundle } from './verify.ts';

/** A float32 tensor: `data` in row-major order of `dims`. */
export interface FloatTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** One loaded graph: named tensors in, named tensors out. */
export class ModelSession {
  readonly #session: InferenceSession;

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** Runs the graph. Inputs and outputs go by the graph's own names. */
  async run(inputs: Readonly<Record<string, FloatTensor>>): Promise<Record<string, FloatTensor>> {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { data, dims }]) => [name, new Tensor('float32', data, dims)]),
    );
    const results = await this.#session.run(feeds);
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [
        name,
        { data: (tensor as Tensor).data as Float32Array, dims: (tensor as Tensor).dims },
      ]),
    );
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/**
 * Verifies a bundle, then loads all its graphs on one device.
 *
 * @returns the sessions by graph role
 * @throws RasrError `BUNDLE_CORRUPT` or `BUNDLE_INVALID`
 */
export async function loadSessions<Manifest extends BundleManifest>(
  bundle: Bundle<Manifest>,
  device: Device,
): Promise<Record<Manifest['graphs'][number]['role'], ModelSession>> {
  await verifyBundle(bundle);
  const sessions: Record<string, ModelSession> = {};
  for (const graph of bundle.manifest.graphs) {
    const session = await createSession(bundle, graph.file, device);
    const wrong = [
      ...graph.inputs.filter((name) => !session.inputNames.includes(name)),
      ...graph.outputs.filter((name) => !session.outputNames.includes(name)),
    ];
    if (wrong.length > 0)
      throw invalidGraph(bundle, graph.file, `has no input or output named ${wrong.join(', ')}`);
    sessions[graph.role] = new ModelSession(session);
  }
  return sessions;
}

async function createSession(bundle: Bundle, file: string, device: Device): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(path.join(bundle.folder, file), sessionOptions(device));
  } catch (error) {
    const detail = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw invalidGraph(bundle, file, `cannot be loaded on ${device.label} (${detail})`, error);
  }
}

function invalidGraph(bundle: Bundle, file: string, what: string, cause?: unknown): RasrError {
  return new RasrError(
    'BUNDLE_INVALID',
    `Model ${bundle.manifest.id}: ${file} ${what}.`,
    'Fetch the bundle again, or choose another with "rasr models use".',
    { cause },
  );
}
