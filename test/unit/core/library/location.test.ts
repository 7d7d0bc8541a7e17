import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Library } from '../../../../src/core/library/library.ts';
import { probeLibrary, rememberedLibrary, rememberLibrary } from '../../../../src/core/library/location.ts';
import { claimQueue } from '../../../../src/core/library/owner.ts';
import { LibraryPaths } from '../../../../src/core/library/paths.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

describe('a folder for another library', () => {
  it('may be new, or hold a library, and stays free', async () => {
    const folder = path.join(await temporaryFolder(), 'новая 🐅');
    probeLibrary(folder);
    probeLibrary(folder);
    claimQueue(new LibraryPaths(folder)).release();
  });

  it('is refused where it cannot be one, or is in use', async () => {
    const folder = await temporaryFolder();
    await expectRefusal(() => probeLibrary('library'), 'NAME_INVALID', 'library');
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    await expectRefusal(() => probeLibrary(file), 'LIBRARY_UNUSABLE', file);
    new Library(folder).close();
    const claim = claimQueue(new LibraryPaths(folder));
    await expectRefusal(() => probeLibrary(folder), 'LIBRARY_UNUSABLE', folder);
    claim.release();
    probeLibrary(folder);
  });
});

describe('the library that was gone over to', () => {
  it('is remembered', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'config', 'library.json');
    expect(rememberedLibrary(file)).toBeUndefined();
    const library = path.join(folder, 'library');
    probeLibrary(library);
    await rememberLibrary(file, library);
    expect(rememberedLibrary(file)).toBe(library);
  });

  it('is not made anew where it is away', async () => {
    const folder = await temporaryFolder();
    const [file, library] = [path.join(folder, 'library.json'), path.join(folder, 'disk', 'library')];
    probeLibrary(library);
    await rememberLibrary(file, library);
    await rm(path.dirname(library), { recursive: true });
    const { remedy } = await expectRefusal(() => rememberedLibrary(file), 'LIBRARY_UNUSABLE', library);
    expect(remedy).toContain(file);
    expect(existsSync(library)).toBe(false);
  });

  it.each(['', '{', '{"library":""}', '[]'])('is none where the file holds %j', async (text) => {
    const file = path.join(await temporaryFolder(), 'library.json');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    expect(rememberedLibrary(file)).toBeUndefined();
  });
});
