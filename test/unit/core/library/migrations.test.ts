import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { Library } from '../../../../src/core/library/library.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

describe('opening a library', () => {
  it('makes a fresh one, with write-ahead log and foreign keys', async () => {
    const folder = path.join(await temporaryFolder(), 'ново 100% 🐅', 'library');
    const library = new Library(folder);
    expect(library.isHealthy()).toBe(true);
    expect(library.database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(library.database.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(library.database.pragma('user_version', { simple: true })).toBeGreaterThan(0);
    library.close();
  });

  it('opens it again with all that is in it', async () => {
    const folder = await temporaryFolder();
    const first = new Library(folder);
    first.setSetting('retriever', 'a');
    first.setSetting('retriever', 'b');
    first.close();
    const second = new Library(folder);
    expect(second.setting('retriever')).toBe('b');
    expect(second.setting('generator')).toBeUndefined();
    second.close();
  });

  it('may be open twice at once', async () => {
    const folder = await temporaryFolder();
    const [one, two] = [new Library(folder), new Library(folder)];
    one.setSetting('a', '1');
    expect(two.setting('a')).toBe('1');
    one.close();
    two.close();
  });

  it('refuses one that a newer version made, and leaves it as it is', async () => {
    const folder = await temporaryFolder();
    new Library(folder).close();
    const file = path.join(folder, 'library.db');
    const newer = new Database(file);
    newer.pragma('user_version = 999');
    newer.close();
    const refusal = await expectRefusal(() => new Library(folder), 'LIBRARY_UNUSABLE', folder);
    expect(refusal.message).toContain('newer version');
    const after = new Database(file);
    expect(after.pragma('user_version', { simple: true })).toBe(999);
    after.close();
  });

  it('refuses a file that is no database', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'library.db'), 'x'.repeat(5000));
    await expectRefusal(() => new Library(folder), 'LIBRARY_UNUSABLE', 'library.db');
  });

  it('refuses a folder that is a file', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expectRefusal(() => new Library(file), 'LIBRARY_UNUSABLE', file);
    await expectRefusal(() => new Library(path.join(file, 'below')), 'LIBRARY_UNUSABLE', file);
  });
});
