import path from 'node:path';
import { RasrError } from '../errors.ts';
import type { Bundle } from './bundle.ts';
import { chooseDevice, type Device, sessionOptions } from './device.ts';
import { inferenceThread, type LoadedGraph } from './inference-thread.ts';
import type { BundleManifest } from './manifest.ts';
import { verifyBundle } from './verify.ts';

/**
 * Verifies a bundle, then loads all its graphs on one device.
 *
 * @returns the graphs by role
 * @throws RasrError `BUNDLE_CORRUPT`, `BUNDLE_INVALID` or `DEVICE_UNUSABLE`
 */
export async function loadGraphs<Manifest extends BundleManifest>(
  bundle: Bundle<Manifest>,
  device: Device,
): Promise<Record<Manifest['graphs'][number]['role'], LoadedGraph>> {
  await verifyBundle(bundle);
  const loaded: Record<string, LoadedGraph> = {};
  try {
    for (const graph of bundle.manifest.graphs) {
      const session = await loadGraph(bundle, graph.file, device);
      loaded[graph.role] = session;
      const wrong = [
        ...graph.inputs.filter((name) => !session.inputs.includes(name)),
        ...graph.outputs.filter((name) => !session.outputs.includes(name)),
      ];
      if (wrong.length > 0)
        throw invalidGraph(bundle, graph.file, `has no input or output named ${wrong.join(', ')}`);
    }
    return loaded;
  } catch (error) {
    // Half a model is never used, and while a graph is loaded its thread keeps the process from ending.
    await Promise.all(Object.values(loaded).map((graph) => graph.release()));
    throw error;
  }
}

async function loadGraph(bundle: Bundle, file: string, device: Device): Promise<LoadedGraph> {
  try {
    return await inferenceThread.load(path.join(bundle.folder, file), sessionOptions(device));
  } catch (error) {
    const detail = error instanceof Error ? error.message.split('\n')[0] : String(error);
    if (device.provider !== chooseDevice().provider) {
      throw new RasrError(
        'DEVICE_UNUSABLE',
        `Model ${bundle.manifest.id} cannot be loaded on ${device.label} (${detail}).`,
        'Measure the devices again in the settings, or choose another.',
        { cause: error },
      );
    }
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
