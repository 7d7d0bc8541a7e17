import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { smallestPicture, storePictures, thumbnailOf } from '../../../../src/core/galleries/pictures.ts';
import { LibraryPaths } from '../../../../src/core/library/paths.ts';
import { cloth, writePicture } from '../../../support/pictures.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const SHA256 = 'a'.repeat(64);
let paths: LibraryPaths;

async function store(width: number, height: number) {
  const file = await writePicture(path.join(paths.root, 'in.png'), width, height, cloth(1));
  return storePictures(file, SHA256, paths);
}

beforeEach(async () => {
  paths = new LibraryPaths(await temporaryFolder());
});

describe('smallestPicture', () => {
  it('is the thumbnail where that has the pixels that are asked for', async () => {
    const stored = await store(1024, 768);
    expect(smallestPicture(stored, 192, paths)).toBe(paths.thumbnail(SHA256));
    expect(smallestPicture(stored, 288, paths)).toBe(paths.thumbnail(SHA256));
    expect(smallestPicture(stored, 289, paths)).toBe(paths.proxy(SHA256));
  });

  it('is the proxy of a panorama, whose thumbnail is low', async () => {
    expect(smallestPicture(await store(1600, 400), 192, paths)).toBe(paths.proxy(SHA256));
  });

  it('is the thumbnail of a picture that is no larger', async () => {
    expect(smallestPicture(await store(200, 150), 192, paths)).toBe(paths.thumbnail(SHA256));
  });

  it('is the proxy where the thumbnail is missing', () => {
    const stored = { sha256: SHA256, width: 1024, height: 768 };
    expect(smallestPicture(stored, 192, paths)).toBe(paths.proxy(SHA256));
  });
});

describe('thumbnailOf', () => {
  it('says what is wrong with a proxy it should be made of', async () => {
    expect(existsSync(await thumbnailOf(SHA256, paths))).toBe(false);
    await writePicture(paths.proxy(SHA256), 10, 10);
    await writeFile(paths.proxy(SHA256), 'no picture');
    await expectRefusal(thumbnailOf(SHA256, paths), 'NOT_AN_IMAGE', SHA256);
  });
});
