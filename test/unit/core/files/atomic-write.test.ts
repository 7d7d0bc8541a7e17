import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { prepareFolder, writeFileAtomically } from '../../../../src/core/files/atomic-write.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const write = (text: string) => (temporary: string) => writeFile(temporary, text);

describe('writeFileAtomically', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });

  it('writes the file, makes its folder, and leaves nothing else', async () => {
    const file = path.join(folder, 'a', 'б', 'photo 100% 🦓.txt');
    await writeFileAtomically(file, 'refuse', write('content'));
    expect(await readFile(file, 'utf8')).toBe('content');
    expect(await readdir(path.dirname(file))).toEqual([path.basename(file)]);
  });

  it('refuses to overwrite, naming the file, and keeps what is there', async () => {
    const file = path.join(folder, 'a.txt');
    await writeFile(file, 'first');
    await expectRefusal(writeFileAtomically(file, 'refuse', write('second')), 'OUTPUT_EXISTS', file);
    expect(await readFile(file, 'utf8')).toBe('first');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('replaces where it was asked to', async () => {
    const file = path.join(folder, 'a.txt');
    await writeFile(file, 'first');
    await writeFileAtomically(file, 'replace', write('second'));
    expect(await readFile(file, 'utf8')).toBe('second');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('leaves neither file nor temporary where the writer fails halfway', async () => {
    const file = path.join(folder, 'a.txt');
    const failing = async (temporary: string) => {
      await writeFile(temporary, 'half');
      throw new Error('out of ideas');
    };
    await expect(writeFileAtomically(file, 'replace', failing)).rejects.toThrow('out of ideas');
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets exactly one of many writers win where none may replace', async () => {
    const file = path.join(folder, 'a.txt');
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => writeFileAtomically(file, 'refuse', write(`writer ${i}`))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const winner = results.findIndex(({ status }) => status === 'fulfilled');
    expect(await readFile(file, 'utf8')).toBe(`writer ${winner}`);
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('says that a folder is a file', async () => {
    const notFolder = path.join(folder, 'out');
    await writeFile(notFolder, 'a file');
    for (const file of [path.join(notFolder, 'a.txt'), path.join(notFolder, 'deeper', 'a.txt')]) {
      await expectRefusal(writeFileAtomically(file, 'refuse', write('x')), 'OUTPUT_UNWRITABLE', notFolder);
    }
    expect(await readFile(notFolder, 'utf8')).toBe('a file');
  });

  it('says that a name is too long', async () => {
    const file = path.join(folder, `${'ж'.repeat(200)}.jpg`);
    await expectRefusal(writeFileAtomically(file, 'refuse', write('x')), 'NAME_INVALID', file);
    expect(await readdir(folder)).toEqual([]);
  });

  it('clears away what killed processes left, and nothing younger or foreign', async () => {
    const stale = path.join(folder, '.rasr-00000000-0000-4000-8000-000000000001.tmp');
    const young = path.join(folder, '.rasr-00000000-0000-4000-8000-000000000002.tmp');
    const foreign = path.join(folder, '.rasr-notes.tmp');
    const longAgo = new Date(Date.now() - 24 * 3_600_000);
    for (const file of [stale, young, foreign]) await writeFile(file, 'left behind');
    await utimes(stale, longAgo, longAgo);
    await utimes(foreign, longAgo, longAgo);
    await writeFileAtomically(path.join(folder, 'a.txt'), 'refuse', write('x'));
    expect((await readdir(folder)).sort()).toEqual([path.basename(young), '.rasr-notes.tmp', 'a.txt']);
  });

  it('reports a full disk as such, also where an image library writes, and leaves nothing', async (test) => {
    const disk = path.join(folder, 'disk');
    await mkdir(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      test.skip('SKIPPED: mounting a tiny file system needs root on Linux');
    }
    onTestFinished(() => void execFileSync('umount', ['-l', disk]));
    const { picture } = await import('../../../support/pictures.ts');
    const file = path.join(disk, 'a.png');
    await expectRefusal(
      writeFileAtomically(file, 'refuse', (temporary) => writeFile(temporary, Buffer.alloc(200_000))),
      'NO_SPACE',
      file,
    );
    await expectRefusal(
      writeFileAtomically(file, 'refuse', (temporary) =>
        picture(300, 300).png({ compressionLevel: 0 }).toFile(temporary),
      ),
      'NO_SPACE',
      file,
    );
    expect(await readdir(disk)).toEqual([]);
  });
});

describe('prepareFolder', () => {
  it('makes missing folders and is content with those there are', async () => {
    const folder = path.join(await temporaryFolder(), 'a', 'b');
    await prepareFolder(folder);
    await prepareFolder(folder);
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a link that leads nowhere', async () => {
    const link = path.join(await temporaryFolder(), 'link');
    await symlink('/nowhere/at/all', link);
    await expectRefusal(prepareFolder(link), 'OUTPUT_UNWRITABLE', link);
  });
});
