import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheSize, clearCache } from '../../../../src/core/library/cache.ts';
import { LibraryPaths } from '../../../../src/core/library/paths.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

async function put(file: string, bytes: number): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, Buffer.alloc(bytes));
  return file;
}

describe('the cache', () => {
  it('is empty in a fresh library', async () => {
    const paths = new LibraryPaths(await temporaryFolder());
    expect(await cacheSize(paths)).toEqual({ previews: 0, features: 0 });
    await clearCache(paths);
  });

  it('is display copies and features, and clearing it leaves everything else', async () => {
    const paths = new LibraryPaths(await temporaryFolder());
    const hash = 'a'.repeat(64);
    await put(paths.preview('one-384'), 100);
    await put(paths.preview('two-4096'), 50);
    await put(paths.features(hash, 'model'), 7000);
    const kept = [
      await put(paths.proxy(hash), 1),
      await put(paths.thumbnail(hash), 2),
      await put(path.join(paths.restored('job'), 'photo-restored.jpg'), 3),
      await put(paths.photo('id', 'photo.jpg'), 4),
      await put(path.join(paths.models, 'mine', 'manifest.json'), 5),
      // On its way in, by another part of the engine.
      await put(path.join(path.dirname(paths.preview('x')), '.rasr-1.tmp'), 6),
    ];
    expect(await cacheSize(paths)).toEqual({ previews: 150, features: 7000 });
    await clearCache(paths);
    expect(await cacheSize(paths)).toEqual({ previews: 0, features: 0 });
    const left = await readdir(paths.root, { recursive: true, withFileTypes: true });
    const files = left
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    expect(files.sort()).toEqual(kept.sort());
  });
});
