import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { RasrError } from '../errors.ts';
import {
  type BundleKind,
  type BundleManifest,
  bundleManifest,
  type FusionManifest,
  type GeneratorManifest,
  type RetrieverManifest,
} from './manifest.ts';

/** A model bundle as found on disk: its manifest is valid, its files are not yet verified. */
export interface Bundle<Manifest extends BundleManifest = BundleManifest> {
  readonly folder: string;
  readonly manifest: Manifest;
  /** First 16 hex digits over every file's hash: names these exact weights in caches and records. */
  readonly hash: string;
}
export type RetrieverBundle = Bundle<RetrieverManifest>;
export type GeneratorBundle = Bundle<GeneratorManifest>;
export type FusionBundle = Bundle<FusionManifest>;

/** A folder that wants to be a bundle and is not, with the reason. */
export interface BrokenBundle {
  readonly folder: string;
  readonly error: RasrError;
}

/**
 * Reads one bundle's manifest.
 *
 * @throws RasrError `BUNDLE_INVALID` naming the field that is wrong
 */
export async function readBundle(folder: string): Promise<Bundle> {
  const file = path.join(folder, 'manifest.json');
  const invalid = (detail: string, cause?: unknown) =>
    new RasrError(
      'BUNDLE_INVALID',
      `${file}: ${detail}`,
      'Fetch the bundle again, or correct its manifest (docs/model-bundles.md).',
      { cause },
    );
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw invalid(error instanceof SyntaxError ? 'not valid JSON' : 'cannot be read', error);
  }
  const parsed = bundleManifest.safeParse(json);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error).replaceAll('\n', ' '), parsed.error);
  const manifest = parsed.data;
  const listed = new Set(manifest.files.map((entry) => entry.path));
  const missing = manifest.graphs.find((graph) => !listed.has(graph.file));
  if (missing !== undefined)
    throw invalid(`graph ${missing.role} names ${missing.file}, which is not in files`);
  return { folder, manifest, hash: bundleHash(manifest) };
}

/**
 * Finds every bundle in `roots`, those of the first root first. Of two with one id, the later root's takes the
 * place of the earlier one. Hidden folders are passed over: a bundle on its way in is none yet.
 */
export async function findBundles(
  roots: readonly string[],
): Promise<{ bundles: Bundle[]; broken: BrokenBundle[] }> {
  const byId = new Map<string, Bundle>();
  const broken: BrokenBundle[] = [];
  for (const root of roots) {
    if (!existsSync(root)) continue;
    const entries = await readdir(root, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
      const folder = path.join(root, entry.name);
      if (
        !entry.isDirectory() ||
        entry.name.startsWith('.') ||
        !existsSync(path.join(folder, 'manifest.json'))
      )
        continue;
      try {
        const bundle = await readBundle(folder);
        byId.set(bundle.manifest.id, bundle);
      } catch (error) {
        broken.push({ folder, error: error as RasrError });
      }
    }
  }
  return { bundles: [...byId.values()], broken };
}

/** Narrows a bundle to one kind. */
export function isKind<Kind extends BundleKind>(
  bundle: Bundle,
  kind: Kind,
): bundle is Bundle<Extract<BundleManifest, { kind: Kind }>> {
  return bundle.manifest.kind === kind;
}

function bundleHash(manifest: BundleManifest): string {
  const hash = createHash('sha256').update(`${manifest.id}@${manifest.version}`);
  for (const file of manifest.files) hash.update(file.sha256);
  // They decide about the answers as weights do.
  if (manifest.kind === 'generator' && manifest.constants.length > 0)
    hash.update(JSON.stringify(manifest.constants));
  if (manifest.kind === 'retriever' && manifest.softReferences > 1)
    hash.update(`softReferences ${manifest.softReferences}`);
  return hash.digest('hex').slice(0, 16);
}
