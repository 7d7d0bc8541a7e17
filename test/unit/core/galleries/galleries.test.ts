import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Galleries } from '../../../../src/core/galleries/galleries.ts';
import type { Library } from '../../../../src/core/library/library.ts';
import { putVectors, type VectorTable, vectorTable } from '../../../../src/core/library/vector-tables.ts';
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
  expect(galleries.add(galleryId, { sha256, width: 200, height: 150, sharpness: 0.7 }, `${digit}.jpg`)).toBe(
    true,
  );
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
    expect(galleries.ensure(second)).toBe(id);
    expect(galleries.checked(id)).toBe(id);
    await expectRefusal(() => galleries.checked(id + 1), 'GALLERY_MISSING');
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
    expect(galleries.add(id, { sha256: hashOf('a'), width: 1, height: 1, sharpness: 0.7 }, 'again.jpg')).toBe(
      false,
    );
    expect(galleries.holds(id, hashOf('a'))).toBe(true);
    expect(galleries.holds(id, hashOf('b'))).toBe(false);
    expect(galleries.references(id)).toHaveLength(1);
  });

  it('are ordered by name as people count, by size, by sharpness and by when they came', async () => {
    const { id } = galleries.create('Tiger');
    const add = (digit: string, name: string, width: number, sharpness: number) =>
      galleries.add(id, { sha256: hashOf(digit), width, height: 100, sharpness }, name);
    add('a', 'Tiger 10.jpg', 300, 0.5);
    add('b', 'tiger 9.jpg', 100, 0.8);
    add('c', 'bear.jpg', 200, 0.6);
    const names = (...order: Parameters<Galleries['order']> extends [number, ...infer Rest] ? Rest : never) =>
      galleries.order(id, ...order).map((reference) => galleries.reference(reference).name);
    expect(names('name', false)).toEqual(['bear.jpg', 'tiger 9.jpg', 'Tiger 10.jpg']);
    expect(names('size', true)).toEqual(['Tiger 10.jpg', 'bear.jpg', 'tiger 9.jpg']);
    expect(names('sharpness', true)).toEqual(['tiger 9.jpg', 'bear.jpg', 'Tiger 10.jpg']);
    expect(names('added', false)).toEqual(['Tiger 10.jpg', 'tiger 9.jpg', 'bear.jpg']);
    expect(galleries.some([...galleries.order(id, 'added', false), 999])).toHaveLength(3);
  });
});

describe('renaming', () => {
  it('keeps the gallery, lets the case of its own name change, and refuses the name of another', async () => {
    const { id } = galleries.create('Tiger');
    galleries.create('Lion');
    expect(galleries.rename(id, ' TIGER ').name).toBe('TIGER');
    await expectRefusal(() => galleries.rename(id, 'lion'), 'NAME_TAKEN');
    await expectRefusal(() => galleries.rename(id, ' '), 'NAME_INVALID');
    await expectRefusal(() => galleries.rename(99, 'Bear'), 'GALLERY_MISSING');
    expect(galleries.get(id).name).toBe('TIGER');
  });

  it('knows the next name that is free', () => {
    galleries.create('Tiger');
    galleries.create('tiger 2');
    expect([galleries.freeName('Tiger'), galleries.freeName('Bear')]).toEqual(['Tiger 3', 'Bear']);
  });
});

/** All rows that changes touch, as they are. */
function snapshot() {
  const all = (sql: string) => library.database.prepare(sql).all();
  return {
    galleries: all('SELECT * FROM gallery ORDER BY id'),
    references: all('SELECT * FROM reference ORDER BY id'),
    vectors: all(`SELECT reference_id, gallery_id, embedding FROM ${table.name} ORDER BY reference_id`),
    codes: all(`SELECT reference_id, gallery_id, code FROM ${table.codes} ORDER BY reference_id`),
  };
}

let table: VectorTable;
/** Gives every reference a vector of its own. */
function embedAll(): void {
  table = vectorTable(library.database, 'feed', 32);
  const ids = library.database.prepare<[], number>('SELECT id FROM reference').pluck().all();
  putVectors(
    library.database,
    ids.map((referenceId) => {
      const vector = Float32Array.from({ length: 32 }, (_, i) => Math.sin(referenceId * 7 + i));
      return { modelHash: 'feed', referenceId, embedding: Buffer.from(vector.buffer) };
    }),
  );
}

const pluck = <Value>(sql: string) => library.database.prepare<[], Value>(sql).pluck().all();

describe('changes', () => {
  let tiger: number;
  let cats: number;
  let files: string[];
  beforeEach(async () => {
    [tiger, cats] = [galleries.create('Tiger').id, galleries.create('Cats').id];
    files = [...(await addReference(tiger, 'a')), ...(await addReference(tiger, 'b'))];
    // The same picture in both.
    galleries.add(cats, { sha256: hashOf('a'), width: 200, height: 150, sharpness: 0.7 }, 'same.jpg');
    await addReference(cats, 'c');
    embedAll();
  });

  const idOf = (galleryId: number, name: string) =>
    galleries.references(galleryId).find((reference) => reference.name === name)!.id;

  it.each([
    ['removing a gallery', () => galleries.changes.removeGallery(tiger), 2],
    ['removing references', () => galleries.changes.removeReferences([idOf(tiger, 'b.jpg'), 999]), 1],
    [
      'moving references',
      () => galleries.changes.move([idOf(tiger, 'b.jpg'), idOf(tiger, 'a.jpg')], cats),
      2,
    ],
    ['merging galleries', () => galleries.changes.merge(tiger, cats), 2],
  ])('%s is undone to the last bit, vectors and all', (_, change, count) => {
    const before = snapshot();
    const { id, references } = change();
    expect(references).toBe(count);
    expect(snapshot()).not.toEqual(before);
    expect(files.every((file) => existsSync(file))).toBe(true);
    galleries.changes.undo(id);
    expect(snapshot()).toEqual(before);
    expect(pluck('SELECT count(*) FROM change_vector')).toEqual([0]);
  });

  it('moves references with their vectors, and drops those whose picture is there already', () => {
    const [a, b] = [idOf(tiger, 'a.jpg'), idOf(tiger, 'b.jpg')];
    galleries.changes.move([a, b], cats);
    expect(galleries.references(tiger)).toEqual([]);
    expect(galleries.references(cats).map(({ name }) => name)).toEqual(['b.jpg', 'same.jpg', 'c.jpg']);
    for (const { id, galleryId } of galleries.references(cats)) {
      for (const rows of [table.name, table.codes]) {
        expect(pluck(`SELECT gallery_id FROM ${rows} WHERE reference_id = ${id}`)).toEqual([galleryId]);
      }
    }
    expect(pluck(`SELECT count(*) FROM ${table.name}`)).toEqual([3]);
  });

  it('merges a gallery into another and not into itself', async () => {
    await expectRefusal(() => galleries.changes.merge(tiger, tiger), 'NAME_TAKEN');
    await expectRefusal(() => galleries.changes.merge(tiger, 99), 'GALLERY_MISSING');
    await expectRefusal(() => galleries.changes.merge(99, tiger), 'GALLERY_MISSING');
    galleries.changes.merge(tiger, cats);
    expect(galleries.list().map(({ name, references }) => [name, references])).toEqual([['Cats', 3]]);
  });

  it('gives a gallery that comes back its own id, and the next free name where its own was taken', () => {
    const { id } = galleries.changes.removeGallery(cats);
    const other = galleries.create('cats');
    expect(other.id).not.toBe(cats);
    galleries.changes.undo(id);
    expect(galleries.get(cats)).toMatchObject({ name: 'Cats 2', references: 2 });
  });

  it('leaves a reference where it is when its gallery has the picture again, or is gone', () => {
    const removed = galleries.changes.removeReferences([idOf(tiger, 'b.jpg')]);
    galleries.add(tiger, { sha256: hashOf('b'), width: 200, height: 150, sharpness: 0.7 }, 'again.jpg');
    galleries.changes.undo(removed.id);
    expect(galleries.references(tiger).map(({ name }) => name)).toEqual(['a.jpg', 'again.jpg']);
    const moved = galleries.changes.move([idOf(tiger, 'again.jpg')], cats);
    galleries.changes.removeGallery(tiger);
    galleries.changes.undo(moved.id);
    expect(galleries.references(cats).map(({ name }) => name)).toContain('again.jpg');
  });

  it('cannot be undone twice, nor once they are let go of', async () => {
    const first = galleries.changes.removeReferences([idOf(tiger, 'a.jpg')]);
    galleries.changes.undo(first.id);
    await expectRefusal(() => galleries.changes.undo(first.id), 'CHANGE_MISSING');
    const second = galleries.changes.removeGallery(tiger);
    await galleries.changes.purge(60_000);
    expect(galleries.changes.latest()).toBe(second.id);
    await galleries.changes.purge(0);
    await expectRefusal(() => galleries.changes.undo(second.id), 'CHANGE_MISSING');
    expect(galleries.changes.latest()).toBeUndefined();
  });

  it('delete pictures and features only when let go of, and those that another gallery shares never', async () => {
    const shared = files.slice(0, 4);
    const own = files.slice(4);
    galleries.changes.removeGallery(tiger);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    await galleries.changes.purge(0);
    expect(shared.filter((file) => !existsSync(file))).toEqual([]);
    expect(own.filter((file) => existsSync(file))).toEqual([]);
    expect(pluck('SELECT count(*) FROM image')).toEqual([2]);
    galleries.changes.removeGallery(cats);
    await galleries.changes.purge(0);
    expect(shared.filter((file) => existsSync(file))).toEqual([]);
  });

  it('of what is not there are refused', async () => {
    await expectRefusal(() => galleries.changes.removeGallery(7), 'GALLERY_MISSING');
    await expectRefusal(() => galleries.changes.removeReferences([999]), 'REFERENCE_MISSING');
    await expectRefusal(() => galleries.changes.move([1], 99), 'GALLERY_MISSING');
    expect(pluck('SELECT count(*) FROM change')).toEqual([0]);
  });
});
