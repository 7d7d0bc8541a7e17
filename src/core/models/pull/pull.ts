import { open, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { RasrError } from '../../errors.ts';
import { prepareFolder } from '../../files/atomic-write.ts';
import { type Claim, tryClaim } from '../../files/claim.ts';
import { sha256OfFile } from '../../files/hash.ts';
import { type Bundle, readBundle } from '../bundle.ts';
import { type CatalogueEntry, MODEL_FILE } from '../catalogue.ts';
import type { BundleManifest } from '../manifest.ts';
import { verifyBundle } from '../verify.ts';
import { download, type OnBytes, type Patience, sizeOf } from './download.ts';
import { asFinal, cancelled, notAsPromised } from './failure.ts';
import { askHub, type HubFile } from './hub.ts';
import { throughProxy } from './proxy.ts';
import { Staging } from './staging.ts';

/**
 * Fetches a bundle of the catalogue into a folder of bundles. It appears there whole or not at all; what has
 * arrived of it waits in a hidden folder for the next call to go on. A bundle that is there and intact is left
 * as it is.
 *
 * @param models the library's folder of bundles; made if it is missing
 * @throws RasrError `DOWNLOAD_FAILED`, `DOWNLOAD_CORRUPT`, `CANCELLED`, `NO_SPACE`, `OUTPUT_UNWRITABLE`, or
 *   `ENGINE_BUSY` where another call or process fetches it
 */
export async function pullBundle(
  entry: CatalogueEntry,
  models: string,
  onBytes: OnBytes,
  signal: AbortSignal,
  patience?: Patience,
): Promise<Bundle> {
  const { id, title } = entry.manifest;
  const destination = path.join(models, id);
  const staging = new Staging(models, id);
  const installed = await intactBundle(destination);
  if (installed !== undefined) return installed;
  const claim = await claimBundle(staging, models, title);
  try {
    // Whoever held the claim before may have installed it since.
    const installedSince = await intactBundle(destination);
    if (installedSince !== undefined) return installedSince;
    const { file, folder } = await throughProxy(async () => {
      const file = await askHub(entry.source, signal);
      const folder = staging.folder(file.sha256);
      await prepareFolder(folder);
      await staging.clear(folder);
      await fetchModel(file, path.join(folder, MODEL_FILE), onBytes, signal, patience);
      return { file, folder };
    });
    await writeManifest(folder, entry, file);
    await staging.install(folder, destination);
    return await readBundle(destination);
  } catch (error) {
    if (signal.aborted) throw cancelled(title);
    throw asFinal(error, destination) ?? error;
  } finally {
    claim.release();
  }
}

/** Two that write to one file would spoil it for each other. */
async function claimBundle(staging: Staging, models: string, title: string): Promise<Claim> {
  await prepareFolder(models);
  const claim = tryClaim(staging.lock);
  if (claim !== undefined) return claim;
  throw new RasrError(
    'ENGINE_BUSY',
    `${title} is being downloaded by another RASR on this library.`,
    'Wait until that one has it, or stop it there first.',
  );
}

async function intactBundle(folder: string): Promise<Bundle | undefined> {
  try {
    const bundle = await readBundle(folder);
    await verifyBundle(bundle);
    return bundle;
  } catch {
    return undefined;
  }
}

async function fetchModel(
  file: HubFile,
  partial: string,
  onBytes: OnBytes,
  signal: AbortSignal,
  patience: Patience | undefined,
): Promise<void> {
  if ((await sizeOf(partial)) > file.bytes) await rm(partial);
  await requireSpace(file, partial);
  try {
    await download(file, partial, onBytes, signal, patience);
    if ((await sha256OfFile(partial)) !== file.sha256)
      throw notAsPromised(file.name, 'does not match the hash the hub gives for it');
  } catch (error) {
    // Going on with wrong bytes would never make them right.
    if (error instanceof RasrError && error.code === 'DOWNLOAD_CORRUPT') await rm(partial, { force: true });
    throw error;
  }
}

async function requireSpace({ name, bytes }: HubFile, partial: string): Promise<void> {
  const folder = path.dirname(partial);
  const missing = bytes - (await sizeOf(partial));
  const { bavail, bsize } = await statfs(folder);
  if (missing <= bavail * bsize) return;
  const megabytes = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  throw new RasrError(
    'NO_SPACE',
    `${name} needs ${megabytes(missing)} more on the disk of ${folder}, which has ${megabytes(bavail * bsize)} left.`,
    'Free some space, then download again: it goes on where it stopped.',
  );
}

async function writeManifest(folder: string, entry: CatalogueEntry, file: HubFile): Promise<void> {
  const manifest: BundleManifest = {
    ...entry.manifest,
    files: [{ path: MODEL_FILE, bytes: file.bytes, sha256: file.sha256 }],
    provenance: { ...entry.manifest.provenance, source: file.url },
  };
  const handle = await open(path.join(folder, 'manifest.json'), 'w');
  try {
    await handle.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
