import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Gallery, Reference } from '../../src/core/galleries/galleries.ts';
import { linesOf, rasr } from '../support/cli.ts';
import { cloth, writePicture } from '../support/pictures.ts';
import { sharedFolder } from '../support/temporary.ts';

// Two galleries of a few references, through the built program.

const folder = await sharedFolder();
const ours = path.join(folder, 'ours');
const theirs = path.join(folder, 'theirs');
const run = (...args: string[]) => rasr(['--library', ours, 'gallery', ...args]);

async function names(gallery: string, library = ours): Promise<string[]> {
  const { stdout } = await rasr(['--library', library, 'gallery', 'show', gallery, '--json']);
  return (JSON.parse(stdout) as Reference[]).map(({ name }) => name);
}

async function list(library = ours): Promise<[string, number][]> {
  const { stdout } = await rasr(['--library', library, 'gallery', 'list', '--json']);
  return (JSON.parse(stdout) as Gallery[]).map(({ name, references }) => [name, references]);
}

beforeAll(async () => {
  for (const seed of [1, 2, 3]) {
    await writePicture(path.join(folder, 'in', 'Tigers', `${seed}.png`), 240, 180, cloth(seed));
  }
  await writePicture(path.join(folder, 'in', 'Cats', '4.png'), 240, 180, cloth(4));
  // A smaller copy of the first.
  const smaller = path.join(folder, 'in', 'Tigers', '1 small.jpg');
  await sharp(path.join(folder, 'in', 'Tigers', '1.png'))
    .resize(180)
    .jpeg()
    .toFile(smaller);
  expect(await run('import', path.join(folder, 'in'))).toMatchObject({ code: 0, stderr: '' });
});

describe('galleries on the command line', () => {
  it('are renamed, moved between, merged, and all that is taken back', async () => {
    expect((await run('rename', 'cats', 'Wild cats')).stdout).toBe('"Cats" is now "Wild cats".\n');
    expect((await run('rename', 'Wild cats', 'TIGERS')).code).toBe(2);
    expect((await run('move', 'Tigers', 'Wild cats', '2.png', '3.png')).stdout).toContain('Moved 2 from');
    expect((await names('Wild cats')).sort()).toEqual(['2.png', '3.png', '4.png']);
    const missing = await run('move', 'Tigers', 'Wild cats', 'none.png');
    expect([missing.code, linesOf(missing.stderr).length]).toEqual([2, 1]);
    expect((await run('undo')).code).toBe(0);
    expect(await list()).toEqual([
      ['Tigers', 4],
      ['Wild cats', 1],
    ]);
    expect((await run('merge', 'Wild cats', 'Tigers')).stdout).toContain('which has 5 references now');
    expect(await list()).toEqual([['Tigers', 5]]);
    expect((await run('remove', 'Tigers')).stdout).toContain('"rasr gallery undo" takes that back');
    expect(await list()).toEqual([]);
    for (const _ of ['remove', 'merge']) expect((await run('undo')).code).toBe(0);
    expect(await list()).toEqual([
      ['Tigers', 4],
      ['Wild cats', 1],
    ]);
    const nothing = await run('undo');
    expect([nothing.code, linesOf(nothing.stderr).length]).toEqual([1, 1]);
    const { stdout } = await run('search', path.join(folder, 'in', 'Tigers', '3.png'), '--json');
    expect(JSON.parse(stdout)[0].reference.name).toBe('3.png');
  });

  it('tell their figures, and which references show the same picture', async () => {
    const { stdout } = await run('stats', 'Tigers', '--json');
    const figures = JSON.parse(stdout);
    expect(figures).toMatchObject({ references: 4, compared: 4 });
    expect(figures.sides[0]).toEqual({ from: 0, count: 4 });
    expect(figures.nearDuplicates).toHaveLength(1);
    const table = (await run('stats', 'Tigers')).stdout;
    expect(table).toContain('4 references');
    expect(table).toMatch(/^ {2}(1 small\.jpg, 1\.png|1\.png, 1 small\.jpg)$/m);
  });

  it('travel as one file, once, whole or not at all', async () => {
    const file = path.join(folder, 'Tigers.rasr-gallery');
    expect((await run('export', 'Tigers', file)).stdout).toContain('Exported "Tigers" with 4 references');
    expect((await run('export', 'Tigers', file)).code).toBe(1);
    expect((await run('export', 'Tigers', file, '--overwrite')).code).toBe(0);
    const receive = (from: string) => rasr(['--library', theirs, 'gallery', 'import-file', from]);
    expect(await receive(file)).toMatchObject({ code: 0, stdout: 'Imported "Tigers" with 4 references.\n' });
    expect(await names('Tigers', theirs)).toEqual(await names('Tigers'));
    const search = ['gallery', 'search', path.join(folder, 'in', 'Tigers', '2.png'), '--json'];
    const found = JSON.parse((await rasr(['--library', theirs, ...search])).stdout);
    expect(found[0].reference.name).toBe('2.png');

    const half = path.join(folder, 'half.rasr-gallery');
    const bytes = await readFile(file);
    await writeFile(half, bytes.subarray(0, bytes.length / 2));
    const refused = await receive(half);
    expect([refused.code, linesOf(refused.stderr).length]).toEqual([1, 1]);
    expect(refused.stderr).toContain('half.rasr-gallery is damaged');
    expect(await list(theirs)).toEqual([['Tigers', 4]]);
    expect(existsSync(path.join(theirs, 'staging'))).toBe(true);
  });
});
