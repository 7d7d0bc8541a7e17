import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { levelSize } from '../../../../src/core/photo/pyramid.ts';
import { PyramidCache } from '../../../../src/core/previews/pyramid-cache.ts';
import { writePicture } from '../../../support/pictures.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const WIDTH = 300;
const HEIGHT = 200;

async function setUp(limit = 1e9) {
  const folder = await temporaryFolder();
  const cached = path.join(folder, 'pyramids');
  const add = (name: string) => writePicture(path.join(folder, name), WIDTH, HEIGHT);
  const list = async () => (await readdir(cached)).sort();
  return { folder, cached, add, list, cache: new PyramidCache(cached, () => limit) };
}

const sizeOf = (pyramid: string) => levelSize(pyramid, 0);

describe('the cache of pyramids', () => {
  it('makes a pyramid once, however many ask for it at a time', async () => {
    const { cache, add, list } = await setUp();
    const picture = await add('a.png');
    const files = await Promise.all(
      Array.from({ length: 5 }, () => cache.read(picture, async (file) => file)),
    );
    expect(new Set(files).size).toBe(1);
    const { mtimeMs, ino } = await stat(files[0]!);
    await cache.read(picture, sizeOf);
    expect((await stat(files[0]!)).ino).toBe(ino);
    expect((await stat(files[0]!)).mtimeMs).toBeGreaterThanOrEqual(mtimeMs);
    expect(await list()).toHaveLength(1);
  });

  it('cuts a picture anew when its file has changed', async () => {
    const { cache, folder, add } = await setUp();
    const picture = await add('a.png');
    expect(await cache.read(picture, sizeOf)).toEqual({ width: WIDTH, height: HEIGHT });
    await writePicture(path.join(folder, 'a.png'), 80, 60);
    expect(await cache.read(picture, sizeOf)).toEqual({ width: 80, height: 60 });
  });

  it('deletes what was not used for longest when there is no room', async () => {
    const room = { bytes: 1e9 };
    const { folder, cached, add, list } = await setUp();
    const cache = new PyramidCache(cached, () => room.bytes);
    const [a, b, c] = [await add('a.png'), await add('b.png'), await add('c.png')];
    const first = await cache.read(a, async (file) => file);
    const second = await cache.read(b, async (file) => file);
    room.bytes = 2 * (await stat(first)).size + 1000;
    // `a` was used last; a clock may not tell two moments apart.
    const aMinuteAgo = new Date(Date.now() - 60_000);
    await utimes(second, aMinuteAgo, aMinuteAgo);
    await cache.read(a, sizeOf);
    const third = await cache.read(c, async (file) => file);
    expect(await list()).toEqual([first, third].map((file) => path.basename(file)).sort());
    // What was deleted is made again when it is asked for.
    expect(await cache.read(path.join(folder, 'b.png'), sizeOf)).toEqual({ width: WIDTH, height: HEIGHT });
  });

  it('makes a pyramid that is larger than all the room there is', async () => {
    const { cache, add, list } = await setUp(0);
    await cache.read(await add('a.png'), sizeOf);
    expect(await cache.read(await add('b.png'), sizeOf)).toEqual({ width: WIDTH, height: HEIGHT });
    expect(await list()).toHaveLength(1);
  });

  it('makes one again of which the disk has lost a part', async () => {
    const { cache, add } = await setUp();
    const picture = await add('a.png');
    const file = await cache.read(picture, async (pyramid) => pyramid);
    await writeFile(file, 'II*');
    expect(await cache.read(picture, sizeOf)).toEqual({ width: WIDTH, height: HEIGHT });
  });

  it('removes what a killed process left, and leaves what another one is writing', async () => {
    const { cache, cached, add, list } = await setUp();
    await mkdir(cached, { recursive: true });
    const [old, young] = [path.join(cached, 'old.tmp'), path.join(cached, 'young.tmp')];
    await writeFile(old, 'x');
    await writeFile(young, 'x');
    const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(old, hoursAgo, hoursAgo);
    await cache.read(await add('a.png'), sizeOf);
    const left = await list();
    expect(left).toContain('young.tmp');
    expect(left).not.toContain('old.tmp');
  });

  it('refuses what is gone, is no picture or is damaged, and leaves nothing behind', async () => {
    const { cache, cached, folder, add, list } = await setUp();
    await expectRefusal(cache.read(path.join(folder, 'gone.png'), sizeOf), 'FILE_MISSING', 'gone.png');
    const text = path.join(folder, 'text.png');
    await writeFile(text, 'Dear museum');
    await expectRefusal(cache.read(text, sizeOf), 'NOT_AN_IMAGE', 'text.png');
    const cut = await add('cut.png');
    const bytes = await readFile(cut);
    await writeFile(cut, bytes.subarray(0, bytes.length / 2));
    await expectRefusal(cache.read(cut, sizeOf), 'IMAGE_DAMAGED', 'cut.png');
    expect(await list()).toEqual([]);
    // The folder itself may go at any time.
    await rm(cached, { recursive: true });
    expect(await cache.read(await add('a.png'), sizeOf)).toEqual({ width: WIDTH, height: HEIGHT });
  });
});
