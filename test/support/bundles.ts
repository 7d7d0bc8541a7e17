import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RESOURCES } from '../../src/core/app-info.ts';
import { type Bundle, findBundles, isKind } from '../../src/core/models/bundle.ts';
import { chooseDevice } from '../../src/core/models/device.ts';
import type { BundleKind, BundleManifest } from '../../src/core/models/manifest.ts';
import { Generator } from '../../src/core/restoration/generator.ts';
import { Retriever } from '../../src/core/retrieval/retriever.ts';

/** Folder of the embedded bundles. */
export const EMBEDDED_MODELS = path.join(RESOURCES, 'models');

type BundleOf<Kind extends BundleKind> = Bundle<Extract<BundleManifest, { kind: Kind }>>;

/** The embedded bundle of a kind. */
export async function embeddedBundle<Kind extends BundleKind>(kind: Kind): Promise<BundleOf<Kind>> {
  const { bundles } = await findBundles([EMBEDDED_MODELS]);
  const bundle = bundles.find((candidate): candidate is BundleOf<Kind> => isKind(candidate, kind));
  if (bundle === undefined) throw new Error(`resources/models has no ${kind}`);
  return bundle;
}

// biome-ignore lint/suspicious/noExplicitAny: tests give manifests values that no type allows
export type ManifestJson = any;

/** Copies a bundle, weights and all, and lets `change` edit the manifest's JSON. */
export async function copyBundle(
  bundle: Bundle,
  destination: string,
  change: (manifest: ManifestJson) => void = () => {},
): Promise<string> {
  await cp(bundle.folder, destination, { recursive: true });
  const file = path.join(destination, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  change(manifest);
  await writeFile(file, JSON.stringify(manifest));
  return destination;
}

/** The embedded retriever, loaded; release it yourself. */
export async function loadRetriever(): Promise<Retriever> {
  return Retriever.load(await embeddedBundle('retriever'), chooseDevice());
}

/** The embedded generator, loaded; release it yourself. */
export async function loadGenerator(): Promise<Generator> {
  return Generator.load(await embeddedBundle('generator'), chooseDevice());
}
