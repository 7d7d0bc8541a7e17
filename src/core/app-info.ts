import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The app's own folder: the nearest one upwards that holds our package.json. */
export const APP_ROOT = findRoot(path.dirname(fileURLToPath(import.meta.url)));

/** Folder with the embedded models and samples. */
export const RESOURCES = path.join(APP_ROOT, 'resources');

export const APP_VERSION = (
  JSON.parse(readFileSync(path.join(APP_ROOT, 'package.json'), 'utf8')) as { version: string }
).version;

/** Name and version as records carry them. */
export const TOOL = `RASR ${APP_VERSION}`;

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
