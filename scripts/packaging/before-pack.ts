import path from 'node:path';
import { Arch, type Configuration } from 'electron-builder';
import { missingBinaries } from './native-binaries.ts';

type Context = Parameters<Exclude<NonNullable<Configuration['beforePack']>, string>>[0];

const ROOT = path.join(import.meta.dirname, '..', '..');

/** electron-builder's hook: an app without one of its native modules would be built without a word, and not start. */
export default function beforePack({ electronPlatformName, arch }: Context): void {
  const target = Arch[arch] ?? String(arch);
  const missing = missingBinaries(ROOT, electronPlatformName, target);
  if (missing.length === 0) return;
  throw new Error(
    `RASR cannot be packed for ${electronPlatformName}-${target} here: ${missing.join(', ')} ` +
      'came without a binary for it. Run "npm ci" and this command on such a machine.',
  );
}
