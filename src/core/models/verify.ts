import { stat } from 'node:fs/promises';
import path from 'node:path';
import { RasrError } from '../errors.ts';
import { sha256OfFile } from '../files/hash.ts';
import type { Bundle } from './bundle.ts';

/** What was last found of a bundle's files. */
export interface BundleCheck {
  readonly at: Date;
  /** null: all of them are as the manifest says. */
  readonly fault: RasrError | null;
}

const checks = new WeakMap<Bundle, BundleCheck>();

/** How the last check of a bundle ended, also where that was before it was loaded; undefined before the first. */
export function lastCheck(bundle: Bundle): BundleCheck | undefined {
  return checks.get(bundle);
}

/**
 * Checks every file of a bundle against its manifest.
 *
 * @throws RasrError `BUNDLE_CORRUPT` naming the first file that is missing, or differs in size or hash
 */
export async function verifyBundle(bundle: Bundle): Promise<void> {
  try {
    await compareFiles(bundle);
    checks.set(bundle, { at: new Date(), fault: null });
  } catch (error) {
    if (error instanceof RasrError) checks.set(bundle, { at: new Date(), fault: error });
    throw error;
  }
}

async function compareFiles(bundle: Bundle): Promise<void> {
  for (const entry of bundle.manifest.files) {
    const file = path.join(bundle.folder, entry.path);
    const info = await stat(file).catch(() => undefined);
    if (info === undefined) throw corrupt(bundle, entry.path, 'is missing');
    if (info.size !== entry.bytes) {
      throw corrupt(bundle, entry.path, `has ${info.size} bytes instead of ${entry.bytes}`);
    }
    if ((await sha256OfFile(file)) !== entry.sha256) {
      throw corrupt(bundle, entry.path, 'does not match its hash');
    }
  }
}

function corrupt(bundle: Bundle, file: string, what: string): RasrError {
  return new RasrError(
    'BUNDLE_CORRUPT',
    `Model ${bundle.manifest.id}: ${file} ${what}; it was not loaded.`,
    `Fetch the bundle again into ${bundle.folder}, or choose another with "rasr models use".`,
  );
}
