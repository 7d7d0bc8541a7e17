import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Names of Electron's archive of the app, and of the folder beside it with the files that are left out of it. */
const ARCHIVES = ['app.asar', 'app.asar.unpacked'];

/** The app's own folder: the nearest one upwards that holds our package.json. */
export const APP_ROOT = findRoot(path.dirname(fileURLToPath(import.meta.url)));

/** Folder with the embedded models and samples. */
export const RESOURCES = resourcesOf(APP_ROOT);

export const APP_VERSION = (
  JSON.parse(readFileSync(path.join(APP_ROOT, 'package.json'), 'utf8')) as { version: string }
).version;

/** Name and version as records carry them. */
export const TOOL = `RASR ${APP_VERSION}`;

/** In an Electron package they lie beside the archive of the app: ONNX Runtime reads files, not archives. */
export function resourcesOf(root: string): string {
  return ARCHIVES.includes(path.basename(root)) ? path.dirname(root) : path.join(root, 'resources');
}

/**
 * Where a file of the app lies on disk: what native code and threads read is packed beside Electron's archive
 * (`asarUnpack` in electron-builder.yml), though Node finds it inside.
 */
export function onDisk(file: string): string {
  const [archive, unpacked] = ARCHIVES;
  return file
    .split(path.sep)
    .map((part) => (part === archive ? unpacked : part))
    .join(path.sep);
}

function findRoot(folder: string): string {
  const file = path.join(folder, 'package.json');
  try {
    if ((JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'rasr') return folder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error('RASR is not installed completely: package.json is missing.');
  return findRoot(parent);
}
