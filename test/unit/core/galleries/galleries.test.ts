import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Galleries } from '../../../../src/core/galleries/galleries.ts';
import type { Library } from '../../../../src/core/library/library.ts';
import { temporaryLibrary } from '../../../support/engine.ts';
import { expectRefusal } from '../../../support/refusal.ts';

let library: Library;
let galleries: Galleries;
beforeEach(async () => {
  library = await temporaryLibrary();
  galleries = new Galleries(library);
});

const hashOf = (digit: string) => digit.repeat(64);

/** Puts a reference into a gallery, with files where its pictures and features belong. */
async function addReference(galleryId: number, digit: string): Promise<string[]> {
  const sha256 = hashOf(digit);
  const files = [
    library.paths.proxy(sha256),
    library.paths.thumbnail(sha256),
    library.paths.features(sha256, 'model-a'),
    library.paths.features(sha256, 'model-b'),
  ];
  for (const file of files) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, digit);
  }
  expect(galleries.add(galleryId, { sha256, width: 200, height: 150 }, `${digit}.jpg`)).toBe(true);
  return files;
}

describe('creating galleries', () => {
  it('keeps the name as given, trimmed', () => {
    expect(galleries.create('  Dutch paintings ').name).toBe('Dutch paintings');
    expect(galleries.list().map(({ name, references, cover }) => [name, references, cover])).toEqual([
      ['Dutch paintings', 0, null],
    ]);
  });

  it.each([
    ['Tiger', 'tIGER'],
    ['Тигры', 'тигры'],
    ['Äpfel', 'äPFEL'],
    ['Café', 'Cafe\u0301'],
    ['🐅 x', ' 🐅 X '],
  ])('holds %s and %s for one name', async (first, second) => {
    const { id } = galleries.create(first);
    await expectRefusal(() => galleries.create(second), 'NAME_TAKEN');
    expect(galleries.byName(second).id).toBe(id);
    expect(galleries.ensure(second).id).toBe(id);
    expect(galleries.list()).toHaveLength(1);
  });

  it.each(['', '   ', 'a\nb', 'x'.repeat(121)])('refuses %j as a name', async (name) => {
    await expectRefusal(() => galleries.create(name), 'NAME_INVALID');
    await expectRefusal(() => galleries.ensure(name), 'NAME_INVALID');
    expect(galleries.list()).toEqual([]);
  });

  it("does not take a name's quotes and wildcards for SQL", () => {
    galleries.create(`a'); DROP TABLE gallery; --`);
    galleries.create('100%');
    galleries.create('100_');
    expect(galleries.byName('100%').name).toBe('100%');
    expect(galleries.list()).toHaveLength(3);
  });

  it('names the galleries there are where one is missing', async () => {
    const none = await expectRefusal(() => galleries.byName('lion'), 'GALLERY_MISSING', '"lion"');
    expect(none.remedy).toContain('gallery create');
    galleries.create('Tiger');
    const some = await expectRefusal(() => galleries.get(99), 'GALLERY_MISSING');
    expect(some.remedy).toContain('"Tiger"');
  });
});

describe('references', () => {
  it('come back in the order they came, and the newest is the cover', async () => {
    const { id } = galleries.create('Tiger');
    await addReference(id, 'b');
    await addReference(id, 'a');
    expect(
      galleries.references(id).map(({ name, gallery, width, height }) => [name, gallery, width, height]),
    ).toEqual([
      ['b.jpg', 'Tiger', 200, 150],
      ['a.jpg', 'Tiger', 200, 150],
    ]);
    expect(galleries.get(id)).toMatchObject({ references: 2, cover: hashOf('a') });
  });

  it('are in a gallery once', async () => {
    const { id } = galleries.create('Tiger');
    await addReference(id, 'a');
    expect(galleries.add(id, { sha256: hashOf('a'), width: 1, height: 1 }, 'again.jpg')).toBe(false);
    expect(galleries.holds(id, hashOf('a'))).toBe(true);
    expect(galleries.holds(id, hashOf('b'))).toBe(false);
    expect(galleries.references(id)).toHaveLength(1);
  });

  it('take their pictures and features with them when the last gallery lets them go', async () => {
    const tiger = galleries.create('Tiger').id;
    const files = await addReference(tiger, 'a');
    const [reference] = galleries.references(tiger);
    await galleries.removeReference(reference!.id);
    expect(files.filter((file) => existsSync(file))).toEqual([]);
    await expectRefusal(() => galleries.reference(reference!.id), 'REFERENCE_MISSING');
    await expectRefusal(galleries.removeReference(reference!.id), 'REFERENCE_MISSING');
  });

  it('keep pictures that another gallery shares', async () => {
    const [tiger, cats] = [galleries.create('Tiger').id, galleries.create('Cats').id];
    const shared = await addReference(tiger, 'a');
    galleries.add(cats, { sha256: hashOf('a'), width: 200, height: 150 }, 'same.jpg');
    const own = await addReference(tiger, 'b');
    await galleries.remove(tiger);
    expect(shared.every((file) => existsSync(file))).toBe(true);
    expect(own.filter((file) => existsSync(file))).toEqual([]);
    expect(galleries.references(cats).map(({ name }) => name)).toEqual(['same.jpg']);
    expect(galleries.list().map(({ name }) => name)).toEqual(['Cats']);
    await galleries.remove(cats);
    expect(shared.filter((file) => existsSync(file))).toEqual([]);
  });

  it('of a gallery that is not there cannot be removed with it', async () => {
    await expectRefusal(galleries.remove(7), 'GALLERY_MISSING');
  });
});
