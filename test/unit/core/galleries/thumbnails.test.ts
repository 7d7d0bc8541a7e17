import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { Thumbnails } from '../../../../src/core/galleries/thumbnails.ts';
import { LibraryPaths } from '../../../../src/core/library/paths.ts';
import { cloth, writePicture } from '../../../support/pictures.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

let paths: LibraryPaths;
let thumbnails: Thumbnails;

const hashOf = (n: number) => n.toString(16).padStart(64, '0');

async function storeProxies(count: number): Promise<string[]> {
  const source = await writePicture(path.join(paths.root, 'in.jpg'), 1024, 768, cloth(1));
  const hashes = Array.from({ length: count }, (_, n) => hashOf(n));
  for (const sha256 of hashes) {
    await mkdir(path.dirname(paths.proxy(sha256)), { recursive: true });
    await copyFile(source, paths.proxy(sha256));
  }
  return hashes;
}

beforeEach(async () => {
  paths = new LibraryPaths(await temporaryFolder());
  thumbnails = new Thumbnails(paths);
});

describe('a thumbnail', () => {
  it('is made when it is first asked for, and once', async () => {
    const [sha256] = (await storeProxies(1)) as [string];
    const file = await thumbnails.of(sha256);
    expect(file).toBe(paths.thumbnail(sha256));
    const { format, width, height } = await sharp(file).metadata();
    expect([format, width, height]).toEqual(['jpeg', 384, 288]);
    const { mtimeMs } = await stat(file);
    await thumbnails.of(sha256);
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  });

  it('is made once for two who ask at once', async () => {
    const [sha256] = (await storeProxies(1)) as [string];
    const [first, second] = [thumbnails.of(sha256), thumbnails.of(sha256)];
    await first;
    const { mtimeMs } = await stat(paths.thumbnail(sha256));
    await second;
    expect((await stat(paths.thumbnail(sha256))).mtimeMs).toBe(mtimeMs);
  });

  it('that was asked for last is made before those that wait', async () => {
    const hashes = await storeProxies(60);
    const done: string[] = [];
    await Promise.all(hashes.map((sha256) => thumbnails.of(sha256).then(() => done.push(sha256))));
    expect(done).toHaveLength(60);
    expect(done.indexOf(hashes[59]!)).toBeLessThan(done.indexOf(hashes[30]!));
  });

  it('is the proxy where none can be written', async () => {
    const [sha256] = (await storeProxies(1)) as [string];
    await writeFile(path.join(paths.root, 'thumbnails'), 'a file in the way of the folder');
    expect(await thumbnails.of(sha256)).toBe(paths.proxy(sha256));
    await rm(path.join(paths.root, 'thumbnails'));
    expect(await thumbnails.of(sha256)).toBe(paths.thumbnail(sha256));
  });

  it('is not there where the proxy is lost, and says what is wrong with one that is damaged', async () => {
    expect(existsSync(await thumbnails.of(hashOf(7)))).toBe(false);
    const [sha256] = (await storeProxies(1)) as [string];
    await writeFile(paths.proxy(sha256), 'no picture');
    await expectRefusal(thumbnails.of(sha256), 'NOT_AN_IMAGE', sha256);
    await storeProxies(1);
    expect(existsSync(await thumbnails.of(sha256))).toBe(true);
  });
});
