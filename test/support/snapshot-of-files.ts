import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { sha256OfFile } from '../../src/core/files/hash.ts';

/** Every file below a folder, by its path in it, with the hash of its bytes. */
export async function hashesBelow(folder: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const file of await filesBelow(folder)) hashes.set(file, await sha256OfFile(path.join(folder, file)));
  return hashes;
}

/** Every file below a folder, by its path in it, sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** The temporary files of ours below a folder. */
export async function temporariesBelow(folder: string): Promise<string[]> {
  return (await filesBelow(folder)).filter((file) => file.endsWith('.tmp'));
}
