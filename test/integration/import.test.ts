import { chmod, utimes } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Gallery } from '../../src/core/galleries/galleries.ts';
import type { Match } from '../../src/core/retrieval/search.ts';
import { asOrdinaryUser, linesOf, rasr, startCli } from '../support/cli.ts';
import { cloth, writePicture } from '../support/pictures.ts';
import { hashesBelow, temporariesBelow } from '../support/snapshot-of-files.ts';
import { sharedFolder, temporaryFolder } from '../support/temporary.ts';

// Two hundred references through the built program.

const COUNT = 200;
/** Enough to be in the middle of. */
const FEW = 60;
const shared = await sharedFolder();
const folder = path.join(shared, 'Ткани 100%');
const few = path.join(shared, 'few');
beforeAll(async () => {
  for (let seed = 0; seed < COUNT; seed++) {
    // Every picture has a height or a pattern of its own, so that no two have the same content.
    await writePicture(path.join(folder, `${seed}.png`), 128, 128 + seed, cloth(seed));
    if (seed < FEW) await writePicture(path.join(few, `${seed}.png`), 128, 128 + seed, cloth(seed));
  }
});

let library: string;
beforeEach(async () => {
  library = path.join(await temporaryFolder(), 'library');
});

const importing = (from: string) => ['--library', library, 'gallery', 'import', from, '--json'];

function countKinds(stdout: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of linesOf(stdout)) {
    const { kind } = JSON.parse(line) as { kind: string };
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Expects every picture of a folder in its gallery and in the index, which finds `picture` by itself. */
async function expectComplete(from: string, count: number, picture: string): Promise<void> {
  const list = await rasr(['--library', library, 'gallery', 'list', '--json']);
  expect((JSON.parse(list.stdout) as Gallery[]).map(({ name, references }) => [name, references])).toEqual([
    [path.basename(from), count],
  ]);
  const query = path.join(from, picture);
  const search = await rasr(['--library', library, 'gallery', 'search', query, '--count', '1000', '--json']);
  const matches = JSON.parse(search.stdout) as Match[];
  expect(new Set(matches.map(({ reference }) => reference.name)).size).toBe(count);
  expect(matches[0]!.reference.name).toBe(picture);
}

describe('importing 200 references', () => {
  it('twice adds 200 and not 400', async () => {
    const before = await hashesBelow(folder);
    const first = await rasr(importing(folder));
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(countKinds(first.stdout)).toEqual({ added: COUNT });
    const second = await rasr(importing(folder));
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(countKinds(second.stdout)).toEqual({ duplicate: COUNT });
    await expectComplete(folder, COUNT, '150.png');
    expect(await temporariesBelow(library)).toEqual([]);
    expect(await hashesBelow(folder)).toEqual(before);
  });

  it('that is killed midway is completed by repeating it, and what it left is cleared away', async () => {
    const running = startCli(importing(folder));
    await running.lines(20);
    running.child.kill('SIGKILL');
    const killed = await running.ended;
    expect(killed.signal).toBe('SIGKILL');
    const list = await rasr(['--library', library, 'gallery', 'list', '--json']);
    const [{ references: kept }] = JSON.parse(list.stdout) as [Gallery];
    expect(kept).toBeGreaterThanOrEqual(20);
    expect(kept).toBeLessThan(COUNT);

    // Half-written files of a killed process can only be told from a living one's by their age.
    const longAgo = new Date(Date.now() - 24 * 3_600_000);
    for (const file of await temporariesBelow(library))
      await utimes(path.join(library, file), longAgo, longAgo);

    const repeated = await rasr(importing(folder));
    expect(repeated).toMatchObject({ code: 0, stderr: '' });
    expect(countKinds(repeated.stdout)).toEqual({ added: COUNT - kept, duplicate: kept });
    await expectComplete(folder, COUNT, '150.png');
    expect(await temporariesBelow(library)).toEqual([]);
  });
});

describe('an import', () => {
  it('that is stopped by Ctrl-C ends with 130 and without a complaint, and is completed by repeating it', async () => {
    const running = startCli(importing(few));
    await running.lines(5);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stderr: '' });
    expect(await temporariesBelow(library)).toEqual([]);
    expect(await rasr(importing(few))).toMatchObject({ code: 0, stderr: '' });
    await expectComplete(few, FEW, '40.png');
  });

  it('by two processes at once adds each once', async () => {
    const results = await Promise.all([rasr(importing(few)), rasr(importing(few))]);
    expect(results.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const [one, two] = results.map(({ stdout }) => countKinds(stdout));
    expect((one!.added ?? 0) + (two!.added ?? 0)).toBe(FEW);
    await expectComplete(few, FEW, '40.png');
  });
});

describe('galleries on the command line', () => {
  it('are made, listed, shown, searched and removed', async () => {
    const run = (...args: string[]) => rasr(['--library', library, 'gallery', ...args]);
    expect((await run('list')).stdout).toContain('No galleries yet');
    expect(await run('create', 'Зебры')).toMatchObject({ code: 0 });
    const taken = await run('create', 'зебры');
    expect([taken.code, linesOf(taken.stderr).length]).toEqual([2, 1]);
    expect((await run('import', path.join(folder, '1.png'), '--gallery', 'ЗЕБРЫ')).stdout).toContain(
      'Added 1',
    );
    expect((await run('show', 'Зебры')).stdout).toContain('1.png');
    expect((await run('search', path.join(folder, '1.png'), '--count', '0')).code).toBe(2);
    expect((await run('remove', 'Зебры')).stdout).toContain('1 reference');
    expect((await run('remove', 'Зебры')).code).toBe(2);
    const empty = await run('search', path.join(folder, '1.png'));
    expect([empty.code, empty.stdout.includes('no references')]).toEqual([0, true]);
    const missing = await run('search', path.join(folder, 'none.png'));
    expect([missing.code, linesOf(missing.stderr).length]).toEqual([1, 1]);
  });

  it('take the good files of a folder where one may not be read', async (test) => {
    const user = await asOrdinaryUser();
    if (user === null) test.skip('SKIPPED: user "nobody" cannot run rasr where this checkout lies');
    const mixed = await temporaryFolder();
    await chmod(mixed, 0o777);
    for (const seed of [1, 2, 3]) {
      await chmod(await writePicture(path.join(mixed, 'tiger', `${seed}.png`), 200, 150, cloth(seed)), 0o644);
    }
    await chmod(path.join(mixed, 'tiger', '2.png'), 0o000);
    const args = ['--library', path.join(mixed, 'library'), 'gallery', 'import', path.join(mixed, 'tiger')];
    const result = await rasr(args, user!);
    expect([result.code, result.stdout]).toEqual([1, 'Added 2, already there 0, refused 1.\n']);
    expect(linesOf(result.stderr)).toHaveLength(1);
    expect(result.stderr).toMatch(/2\.png cannot be read/);
  });

  it('take the good files of a folder and tell of the bad ones', async () => {
    const mixed = await temporaryFolder();
    await writePicture(path.join(mixed, 'tiger', 'good.png'), 200, 150, cloth(1));
    await writePicture(path.join(mixed, 'tiger', 'small.png'), 60, 60);
    const result = await rasr(['--library', library, 'gallery', 'import', mixed]);
    expect(result.code).toBe(1);
    expect(result.stdout).toBe('Added 1, already there 0, refused 1.\n');
    expect(linesOf(result.stderr)).toHaveLength(1);
    expect(result.stderr).toContain('small.png');
  });
});
