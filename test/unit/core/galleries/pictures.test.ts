import { rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readReference, storeProxy } from '../../../../src/core/galleries/pictures.ts';
import { LibraryPaths } from '../../../../src/core/library/paths.ts';
import { cloth, writePicture } from '../../../support/pictures.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const SHA256 = 'a'.repeat(64);
let paths: LibraryPaths;

async function store(width: number, height: number) {
  const file = await writePicture(path.join(paths.root, 'in.png'), width, height, cloth(1));
  return storeProxy(file, SHA256, paths);
}

beforeEach(async () => {
  paths = new LibraryPaths(await temporaryFolder());
});

describe('readReference', () => {
  it('is the small copy where that has the pixels that are asked for, else the proxy', async () => {
    const { stored, small } = await store(1024, 768);
    expect([small.width, small.height]).toEqual([384, 288]);
    expect(await readReference(stored, 288, paths)).toEqual(small);
    expect(await readReference(stored, 289, paths)).toBe(paths.proxy(SHA256));
  });

  it('decodes nothing where the small copy is in memory', async () => {
    const { stored, small } = await store(1024, 768);
    await rm(paths.proxy(SHA256));
    expect(await readReference(stored, 192, paths, small)).toBe(small);
    await expectRefusal(readReference(stored, 192, paths), 'FILE_MISSING', SHA256);
  });

  it('is the proxy of a panorama, whose small copy is low', async () => {
    const { stored, small } = await store(1600, 400);
    expect(await readReference(stored, 192, paths, small)).toBe(paths.proxy(SHA256));
  });

  it('is the small copy of a picture that is no larger', async () => {
    const { stored } = await store(200, 150);
    expect(await readReference(stored, 192, paths)).toMatchObject({ width: 200, height: 150 });
  });
});
