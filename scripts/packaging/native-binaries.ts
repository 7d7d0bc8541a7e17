import { existsSync, globSync } from 'node:fs';
import path from 'node:path';

/** Suffix of shared libraries. */
const LIBRARY: Record<string, string> = { win32: 'dll', darwin: 'dylib', linux: 'so' };

/**
 * The native binaries a package needs, as globs below the app's folder. npm installs those of sharp and sqlite-vec
 * for the machine it runs on only.
 *
 * @param platform as `process.platform`
 * @param arch as `process.arch`
 */
export function nativeBinaries(platform: string, arch: string): Record<string, string> {
  const vecPlatform = platform === 'win32' ? 'windows' : platform;
  return {
    'onnxruntime-node': `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/onnxruntime_binding.node`,
    'better-sqlite3': `node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`,
    'sqlite-vec': `node_modules/sqlite-vec-${vecPlatform}-${arch}/vec0.${LIBRARY[platform]}`,
    sharp: `node_modules/@img/sharp-${platform}-${arch}/lib/sharp-${platform}-${arch}*.node`,
  };
}

/** The native modules that have no binary for this platform in this folder. */
export function missingBinaries(folder: string, platform: string, arch: string): string[] {
  return Object.entries(nativeBinaries(platform, arch))
    .filter(
      ([, glob]) => !globSync(glob, { cwd: folder }).some((file) => existsSync(path.join(folder, file))),
    )
    .map(([name]) => name);
}
