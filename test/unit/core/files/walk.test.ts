import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findFiles } from '../../../../src/core/files/walk.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const isPhoto = (file: string) => file.endsWith('.jpg');

describe('findFiles', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });

  async function make(...names: string[]): Promise<void> {
    for (const name of names) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), '');
    }
  }

  async function found(): Promise<string[]> {
    return (await findFiles(folder, isPhoto)).map((file) => path.relative(folder, file.path));
  }

  it('lists photos below a folder in the order people number them', async () => {
    await make('10.jpg', '9.jpg', '1.jpg', 'b/2.jpg', 'b/11.jpg', 'a/x.jpg', 'notes.txt');
    expect(await found()).toEqual(['1.jpg', '9.jpg', '10.jpg', 'a/x.jpg', 'b/2.jpg', 'b/11.jpg']);
  });

  it('passes over hidden files and whole hidden folders', async () => {
    await make('.a.jpg', '.cache/b.jpg', 'c/.d/e.jpg', 'f.jpg', 'g..h/i.jpg');
    expect(await found()).toEqual(['f.jpg', 'g..h/i.jpg']);
  });

  it('does look into a hidden folder that is named outright', async () => {
    await make('.hidden/a.jpg');
    const files = await findFiles(path.join(folder, '.hidden'), isPhoto);
    expect(files.map((file) => path.basename(file.path))).toEqual(['a.jpg']);
  });

  it('passes over links inside a folder, so that a loop ends and nothing is found twice', async () => {
    await make('a.jpg', 'b/c.jpg');
    await symlink(folder, path.join(folder, 'b', 'loop'));
    await symlink(path.join(folder, 'a.jpg'), path.join(folder, 'again.jpg'));
    expect(await found()).toEqual(['a.jpg', 'b/c.jpg']);
  });

  it('lists a file that is named outright, whatever it is', async () => {
    await make('notes.txt');
    const file = path.join(folder, 'notes.txt');
    expect(await findFiles(file, isPhoto)).toEqual([{ path: file, root: folder }]);
  });

  it('follows a link that is named outright', async () => {
    await make('a.jpg');
    await symlink(path.join(folder, 'a.jpg'), path.join(folder, 'link.jpg'));
    expect(await findFiles(path.join(folder, 'link.jpg'), isPhoto)).toHaveLength(1);
  });

  it('resolves relative paths and keeps the folder they were asked for through', async () => {
    await make('sub/a.jpg');
    const relative = path.relative(process.cwd(), folder);
    expect(await findFiles(relative, isPhoto)).toEqual([
      { path: path.join(folder, 'sub', 'a.jpg'), root: folder },
    ]);
  });

  it('finds names with spaces, %, emoji and other letters', async () => {
    const names = ['a b.jpg', 'c%20d.jpg', '🐅.jpg', 'тигр.jpg'];
    await make(...names);
    expect((await found()).sort()).toEqual(names.sort());
  });

  it('refuses a path that is not there, also below a file', async () => {
    await make('a.jpg');
    await expectRefusal(findFiles(path.join(folder, 'none'), isPhoto), 'FILE_MISSING', 'none');
    await expectRefusal(findFiles(path.join(folder, 'a.jpg', 'b.jpg'), isPhoto), 'FILE_MISSING', 'b.jpg');
    await expectRefusal(findFiles('', isPhoto), 'FILE_MISSING');
  });
});
