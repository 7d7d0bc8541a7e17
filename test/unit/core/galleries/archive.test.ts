import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { create, extract } from 'tar';
import { beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../../src/core/files/hash.ts';
import type { ArchiveManifest } from '../../../../src/core/galleries/archive/manifest.ts';
import { readArchive } from '../../../../src/core/galleries/archive/read.ts';
import { writeArchive } from '../../../../src/core/galleries/archive/write.ts';
import { Galleries } from '../../../../src/core/galleries/galleries.ts';
import { importReferences } from '../../../../src/core/galleries/import.ts';
import type { Library } from '../../../../src/core/library/library.ts';
import { putVectors, vectorsOf, vectorTable } from '../../../../src/core/library/vector-tables.ts';
import { temporaryLibrary } from '../../../support/engine.ts';
import { cloth, writePicture } from '../../../support/pictures.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const DIMENSION = 8;
let folder: string;
let ours: Library;
let theirs: Library;
let archive: string;
let galleryId: number;

const unit = (seed: number) => {
  const vector = Float32Array.from({ length: DIMENSION }, (_, i) => Math.sin(seed * 13 + i));
  const length = Math.hypot(...vector);
  return Buffer.from(vector.map((value) => value / length).buffer);
};

beforeEach(async () => {
  folder = await temporaryFolder();
  ours = await temporaryLibrary();
  theirs = await temporaryLibrary();
  const galleries = new Galleries(ours);
  const items = [];
  for (const seed of [1, 2, 3]) {
    const file = await writePicture(path.join(folder, 'in', `${seed}.jpg`), 240, 180, cloth(seed));
    items.push({ file, gallery: 'Тигры / 100%' });
  }
  for await (const { kind } of importReferences(ours, galleries, items)) expect(kind).toBe('added');
  galleryId = galleries.byName('Тигры / 100%').id;
  vectorTable(ours.database, 'cafebabe', DIMENSION);
  putVectors(
    ours.database,
    galleries
      .references(galleryId)
      .map(({ id }) => ({ modelHash: 'cafebabe', referenceId: id, embedding: unit(id) })),
  );
  archive = path.join(folder, 'out.rasr-gallery');
  await writeArchive(ours, galleries, galleryId, archive, 'refuse', 'RASR test');
});

const receive = (file = archive) => readArchive(theirs, new Galleries(theirs), file);

/** Expects nothing of a refused archive in the library. */
async function expectNothing(): Promise<void> {
  for (const table of ['gallery', 'reference', 'image']) {
    expect(theirs.database.prepare(`SELECT * FROM ${table}`).all()).toEqual([]);
  }
  const files = (await readdir(theirs.paths.root, { recursive: true })).filter(
    (name) => !name.startsWith('library.db') && path.extname(name) !== '' && !/\.lock/.test(name),
  );
  expect(files).toEqual([]);
}

/** Packs the archive anew after a change to its files. */
async function tampered(
  change: (at: string, manifest: ArchiveManifest) => Promise<unknown>,
): Promise<string> {
  const at = path.join(folder, 'tampered');
  await mkdir(at);
  await extract({ file: archive, cwd: at });
  const manifest = JSON.parse(await readFile(path.join(at, 'manifest.json'), 'utf8')) as ArchiveManifest;
  // What it answers with is packed too.
  const answer = await change(at, manifest);
  const more = Array.isArray(answer) ? (answer as string[]) : [];
  await writeFile(path.join(at, 'manifest.json'), JSON.stringify(manifest));
  const file = path.join(folder, 'tampered.rasr-gallery');
  const pictures = (await readdir(path.join(at, 'pictures'))).map((name) => `pictures/${name}`);
  await create({ file, cwd: at, preservePaths: true, portable: true }, [
    'manifest.json',
    'embeddings/cafebabe.f32',
    ...pictures,
    ...more,
  ]);
  return file;
}

describe('an archive', () => {
  it('makes the same gallery in another library: names, order, dates, pictures', async () => {
    const gallery = await receive();
    expect(gallery).toMatchObject({ name: 'Тигры / 100%', references: 3 });
    const [sent, got] = [
      new Galleries(ours).references(galleryId),
      new Galleries(theirs).references(gallery.id),
    ];
    const facts = (references: typeof sent) =>
      references.map(({ name, sha256, width, height, sharpness }) => [
        name,
        sha256,
        width,
        height,
        sharpness,
      ]);
    expect(facts(got)).toEqual(facts(sent));
    for (const { sha256 } of got) {
      const proxies = await Promise.all([ours, theirs].map(({ paths }) => readFile(paths.proxy(sha256))));
      expect(proxies[0]!.equals(proxies[1]!)).toBe(true);
    }
    expect(await readdir(theirs.paths.staging)).toEqual([]);
  });

  it('brings embeddings along where the other library knows the very retriever, and only there', async () => {
    await receive();
    expect(vectorsOf(theirs.database, [1, 2, 3])).toEqual([]);
    const knowing = await temporaryLibrary();
    vectorTable(knowing.database, 'cafebabe', DIMENSION);
    const { id } = await readArchive(knowing, new Galleries(knowing), archive);
    const ids = new Galleries(knowing).references(id).map((reference) => reference.id);
    const sent = new Galleries(ours).references(galleryId).map((reference) => unit(reference.id));
    expect(vectorsOf(knowing.database, ids).map(({ embedding }) => embedding)).toEqual(sent);
    const other = await temporaryLibrary();
    vectorTable(other.database, 'cafebabe', 16);
    await readArchive(other, new Galleries(other), archive);
    expect(vectorsOf(other.database, [1, 2, 3])).toEqual([]);
  });

  it('comes in under the next free name, and shares pictures that are there', async () => {
    await receive();
    expect((await receive()).name).toBe('Тигры / 100% 2');
    expect(theirs.database.prepare('SELECT count(*) FROM image').pluck().get()).toBe(3);
  });

  it('is not written over a file that is there', async () => {
    const galleries = new Galleries(ours);
    await expectRefusal(
      writeArchive(ours, galleries, galleryId, archive, 'refuse', 'RASR test'),
      'OUTPUT_EXISTS',
      archive,
    );
    await rm(ours.paths.proxy(galleries.references(galleryId)[1]!.sha256));
    const missing = await expectRefusal(
      writeArchive(ours, galleries, galleryId, path.join(folder, 'b'), 'refuse', 'RASR test'),
      'FILE_MISSING',
    );
    expect(missing.message).toContain('.jpg');
    expect(existsSync(path.join(folder, 'b'))).toBe(false);
  });
});

describe('a bad archive is refused, and leaves nothing behind:', () => {
  it.each([0.02, 0.3, 0.6, 0.95])('cut at %s of its length', async (share) => {
    const bytes = await readFile(archive);
    const cut = path.join(folder, 'cut.rasr-gallery');
    await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * share)));
    await expectRefusal(receive(cut), 'ARCHIVE_CORRUPT', 'cut.rasr-gallery');
    await expectNothing();
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['a text', Buffer.from('rubbish '.repeat(300))],
    ['zeros', Buffer.alloc(20_000)],
    ['compressed', Buffer.from([0x1f, 0x8b, 8, 0, ...Array(2000).fill(7)])],
  ])('%s', async (_, bytes) => {
    const file = path.join(folder, 'rubbish');
    await writeFile(file, bytes);
    await expectRefusal(receive(file), 'ARCHIVE_INVALID', 'rubbish');
    await expectNothing();
  });

  it('a file that is not there', async () => {
    await expectRefusal(receive(path.join(folder, 'none')), 'FILE_MISSING', 'none');
  });

  it.each([0.2, 0.5, 0.9])('a bit that flipped at %s', async (share) => {
    const bytes = await readFile(archive);
    bytes[Math.floor(bytes.length * share)]! ^= 1;
    const file = path.join(folder, 'flipped');
    await writeFile(file, bytes);
    const refusal = await receive(file).then(
      () => undefined,
      (error: { code: string }) => error.code,
    );
    expect(['ARCHIVE_CORRUPT', 'ARCHIVE_INVALID']).toContain(refusal);
    await expectNothing();
  });

  it.each([
    [
      'a picture that was exchanged',
      'ARCHIVE_CORRUPT',
      async (at: string, { references }: ArchiveManifest) => {
        const [one, two] = references.map(({ source }) => path.join(at, 'pictures', `${source}.jpg`));
        await writeFile(one!, await readFile(two!));
      },
    ],
    [
      'a picture that is missing',
      'ARCHIVE_CORRUPT',
      async (at: string, { references }: ArchiveManifest) =>
        rm(path.join(at, 'pictures', `${references[0]!.source}.jpg`)),
    ],
    [
      'a picture that cannot be decoded, its hash right',
      'ARCHIVE_CORRUPT',
      async (at: string, { references }: ArchiveManifest) => {
        const rubbish = Buffer.from('no picture');
        await writeFile(path.join(at, 'pictures', `${references[0]!.source}.jpg`), rubbish);
        Object.assign(references[0]!, { picture: { bytes: rubbish.length, sha256: sha256Of(rubbish) } });
      },
    ],
    [
      'a file more',
      'ARCHIVE_INVALID',
      async (at: string) => {
        await writeFile(path.join(at, 'pictures', 'more.jpg'), 'x');
      },
    ],
    [
      'a path that escapes',
      'ARCHIVE_INVALID',
      async (at: string) => {
        await writeFile(path.join(at, '..', 'escaped.jpg'), 'x');
        return ['../escaped.jpg'];
      },
    ],
    [
      'an escape in the manifest',
      'ARCHIVE_INVALID',
      async (_: string, manifest: ArchiveManifest) => {
        Object.assign(manifest.references[0]!, { source: '../../escaped' });
      },
    ],
    [
      'a size beyond bounds',
      'ARCHIVE_INVALID',
      async (_: string, { references }: ArchiveManifest) => {
        Object.assign(references[0]!.picture, { bytes: 10 ** 12 });
      },
    ],
    [
      'a reference listed twice',
      'ARCHIVE_INVALID',
      async (_: string, { references }: ArchiveManifest) => {
        references.push(references[0]!);
      },
    ],
    [
      'embeddings of no reference',
      'ARCHIVE_INVALID',
      async (_: string, { embeddings }: ArchiveManifest) => {
        embeddings[0]!.of[0] = 99;
      },
    ],
    [
      'another version',
      'ARCHIVE_INVALID',
      async (_: string, manifest: ArchiveManifest) => {
        Object.assign(manifest, { version: 2 });
      },
    ],
  ] as const)('%s', async (_, code, change) => {
    const file = await tampered(change);
    await expectRefusal(receive(file), code, 'tampered.rasr-gallery');
    await expectNothing();
  });

  it('a link in place of a picture', async () => {
    const { symlink } = await import('node:fs/promises');
    const file = await tampered(async (at, { references }) => {
      const picture = path.join(at, 'pictures', `${references[0]!.source}.jpg`);
      await rm(picture);
      await symlink('/etc/passwd', picture);
    });
    await expectRefusal(receive(file), 'ARCHIVE_INVALID', 'no plain file');
    await expectNothing();
  });

  it('embeddings that are no unit vectors are made anew', async () => {
    const file = await tampered(async (at, { embeddings }) => {
      const bytes = Buffer.concat([unit(1), Buffer.alloc(DIMENSION * 4), unit(3)]);
      await writeFile(path.join(at, 'embeddings', 'cafebabe.f32'), bytes);
      Object.assign(embeddings[0]!, { sha256: sha256Of(bytes) });
    });
    vectorTable(theirs.database, 'cafebabe', DIMENSION);
    const { id } = await receive(file);
    const ids = new Galleries(theirs).references(id).map((reference) => reference.id);
    expect(vectorsOf(theirs.database, ids).map(({ referenceId }) => referenceId)).toEqual([ids[0], ids[2]]);
  });
});
