import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { Galleries } from '../../../../src/core/galleries/galleries.ts';
import { type ImportOutcome, importReferences, planImport } from '../../../../src/core/galleries/import.ts';
import type { Library } from '../../../../src/core/library/library.ts';
import { temporaryLibrary } from '../../../support/engine.ts';
import { cloth, picture, writePicture } from '../../../support/pictures.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

let folder: string;
let library: Library;
let galleries: Galleries;
beforeEach(async () => {
  folder = await temporaryFolder();
  library = await temporaryLibrary();
  galleries = new Galleries(library);
});

async function runImport(...named: string[]): Promise<ImportOutcome[]> {
  return Array.fromAsync(importReferences(library, galleries, await planImport(named)));
}

const kinds = (outcomes: ImportOutcome[]) => outcomes.map(({ kind }) => kind);
const file = (...parts: string[]) => path.join(folder, ...parts);

describe('planImport', () => {
  it('makes a gallery of the folder and of each of its subfolders, however deep the files lie', async () => {
    for (const name of ['root.jpg', 'tiger/a.jpg', 'tiger/deep/b.jpg', 'кошки/c.jpg']) {
      await mkdir(path.dirname(file(name)), { recursive: true });
      await writeFile(file(name), '');
    }
    await writeFile(file('notes.txt'), '');
    const items = (await planImport([folder])).map((item) => [
      path.relative(folder, item.file),
      item.gallery,
    ]);
    expect(items.sort()).toEqual(
      [
        ['root.jpg', path.basename(folder)],
        ['tiger/a.jpg', 'tiger'],
        ['tiger/deep/b.jpg', 'tiger'],
        ['кошки/c.jpg', 'кошки'],
      ].sort(),
    );
    expect((await planImport([folder], 'All')).map(({ gallery }) => gallery)).toEqual(Array(4).fill('All'));
  });

  it('puts a single file into the gallery of its folder', async () => {
    await writePicture(file('lynx', 'a.jpg'), 4, 4);
    expect(await planImport([file('lynx', 'a.jpg')])).toEqual([
      { file: file('lynx', 'a.jpg'), gallery: 'lynx' },
    ]);
  });

  it('refuses a path that is not there', async () => {
    await expectRefusal(planImport([file('none')]), 'FILE_MISSING', 'none');
  });
});

describe('importReferences', () => {
  it('adds a picture once, by content and not by name, and stores what it needs', async () => {
    await writePicture(file('tiger', 'a.png'), 200, 150, cloth(1));
    await copyFile(file('tiger', 'a.png'), file('tiger', 'copy of a.png'));
    await writePicture(file('tiger', 'b.png'), 150, 200, cloth(2));
    expect(kinds(await runImport(file('tiger'))).sort()).toEqual(['added', 'added', 'duplicate']);
    expect(kinds(await runImport(file('tiger')))).toEqual(['duplicate', 'duplicate', 'duplicate']);
    const references = galleries.references(galleries.byName('tiger').id);
    expect(references).toHaveLength(2);
    for (const { sha256, width, height } of references) {
      const proxy = await sharp(library.paths.proxy(sha256)).metadata();
      expect([proxy.width, proxy.height, proxy.format]).toEqual([width, height, 'jpeg']);
    }
  });

  it('lets two galleries share a picture', async () => {
    await writePicture(file('tiger', 'a.png'), 200, 150, cloth(1));
    await mkdir(file('cats'));
    await copyFile(file('tiger', 'a.png'), file('cats', 'a.png'));
    expect(kinds(await runImport(folder))).toEqual(['added', 'added']);
    const [proxies] = await readdir(path.join(library.paths.root, 'proxies'));
    expect(await readdir(path.join(library.paths.root, 'proxies', proxies!))).toHaveLength(1);
  });

  it('refuses bad files with a reason that names them, and takes the good ones', async () => {
    const good = await writePicture(file('z', 'good.jpg'), 200, 150, cloth(4));
    await writeFile(file('z', 'empty.jpg'), '');
    await writeFile(file('z', 'text.jpg'), 'this is a text');
    await writePicture(file('z', 'small.jpg'), 400, 127, cloth(5));
    const whole = await picture(300, 300, cloth(3)).jpeg().toBuffer();
    await writeFile(file('z', 'truncated.jpg'), whole.subarray(0, whole.length / 2));
    const outcomes = await runImport(file('z'));
    const refusals = new Map(
      outcomes.flatMap((outcome) =>
        outcome.kind === 'refused' ? [[path.basename(outcome.file), outcome.error] as const] : [],
      ),
    );
    expect(new Map([...refusals].map(([name, { code }]) => [name, code]))).toEqual(
      new Map([
        ['empty.jpg', 'NOT_AN_IMAGE'],
        ['small.jpg', 'IMAGE_TOO_SMALL'],
        ['text.jpg', 'NOT_AN_IMAGE'],
        ['truncated.jpg', 'IMAGE_DAMAGED'],
      ]),
    );
    for (const [name, { message }] of refusals) expect(message).toContain(name);
    expect(refusals.get('small.jpg')?.message).toContain('400 × 127');
    expect(outcomes.find((outcome) => outcome.kind === 'added')?.file).toBe(good);
    expect(galleries.byName('z').references).toBe(1);
    const stored = await readdir(library.paths.root, { recursive: true });
    expect(stored.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('stores a turned, transparent, deep or CMYK picture upright as 8-bit sRGB', async () => {
    await mkdir(file('odd'));
    await picture(200, 150, cloth(6))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(file('odd', '1-turned.jpg'));
    await picture(200, 150, cloth(6)).ensureAlpha(0.5).png().toFile(file('odd', '2-clear.png'));
    await picture(200, 150, cloth(6)).toColourspace('rgb16').png().toFile(file('odd', '3-deep.png'));
    await picture(200, 150, cloth(6)).toColourspace('cmyk').jpeg().toFile(file('odd', '4-cmyk.jpg'));
    expect(kinds(await runImport(file('odd')))).toEqual(['added', 'added', 'added', 'added']);
    const references = galleries
      .references(galleries.byName('odd').id)
      .sort((a, b) => a.name.localeCompare(b.name));
    expect(references.map(({ width, height }) => [width, height])).toEqual([
      [150, 200],
      [200, 150],
      [200, 150],
      [200, 150],
    ]);
    for (const { sha256 } of references) {
      const { space, depth, channels } = await sharp(library.paths.proxy(sha256)).metadata();
      expect([space, depth, channels]).toEqual(['srgb', 'uchar', 3]);
    }
    const clear = await sharp(library.paths.proxy(references[1]!.sha256)).stats();
    // Half of it is the white it was laid on.
    for (const { min } of clear.channels) expect(min).toBeGreaterThanOrEqual(126);
  });

  it('refuses a picture that is out of focus, or enlarged from a small one, and leaves nothing of it', async () => {
    const sharp = await writePicture(file('z', 'sharp.png'), 600, 450, cloth(9));
    await mkdir(file('z'), { recursive: true });
    await picture(600, 450, cloth(9)).blur(9).png().toFile(file('z', 'blurred.png'));
    const [blurred, added] = await runImport(file('z'));
    expect(blurred).toMatchObject({ kind: 'refused', error: { code: 'IMAGE_BLURRED' } });
    expect(added).toMatchObject({ kind: 'added', file: sharp });
    const [reference] = galleries.references(galleries.byName('z').id);
    expect(reference!.sharpness).toBeGreaterThan(0.36);
    const stored = await readdir(library.paths.root, { recursive: true });
    expect(stored.filter((name) => /\.(jpg|webp)$/.test(name))).toHaveLength(1);
  });

  it('keeps the pixels of a JPEG file that is a proxy already, and none of its metadata', async () => {
    await mkdir(file('z'), { recursive: true });
    const bytes = await picture(300, 200, cloth(2))
      .withExif({
        IFD0: { Copyright: 'somebody' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
      })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
      .jpeg({ quality: 80, chromaSubsampling: '4:2:0' })
      .toBuffer();
    // A phone's video behind the picture.
    await writeFile(file('z', 'a.jpg'), Buffer.concat([bytes, Buffer.from('ftypmp42 and so on \xff\xd9')]));
    expect(kinds(await runImport(file('z')))).toEqual(['added']);
    const { sha256 } = galleries.references(galleries.byName('z').id)[0]!;
    const proxy = library.paths.proxy(sha256);
    const { exif, xmp, chromaSubsampling } = await sharp(proxy).metadata();
    expect([exif, xmp, chromaSubsampling]).toEqual([undefined, undefined, '4:2:0']);
    const pixels = (of: string | Buffer) => sharp(of).raw().toBuffer();
    expect((await pixels(proxy)).equals(await pixels(bytes))).toBe(true);
    const stored = await readFile(proxy);
    expect(stored.length).toBeLessThan(bytes.length);
    expect(stored.includes('somebody') || stored.includes('ftyp')).toBe(false);
    // The same picture turned, in another colour space, or progressive is made anew.
    await picture(300, 200, cloth(3)).jpeg({ progressive: true }).toFile(file('z', 'b.jpg'));
    await picture(300, 200, cloth(4)).withIccProfile('p3').jpeg().toFile(file('z', 'c.jpg'));
    await runImport(file('z'));
    for (const { sha256: other } of galleries.references(galleries.byName('z').id).slice(1)) {
      const made = await sharp(library.paths.proxy(other)).metadata();
      expect([made.isProgressive, made.icc, made.chromaSubsampling]).toEqual([false, undefined, '4:4:4']);
    }
  });

  it('keeps no more of a camera file than a proxy', async () => {
    await writePicture(file('big', 'a.jpg'), 3000, 1500, cloth(7));
    await runImport(file('big'));
    const [reference] = galleries.references(galleries.byName('big').id);
    expect([reference!.width, reference!.height]).toEqual([2048, 1024]);
  });

  it('refuses one file that vanished and goes on', async () => {
    await writePicture(file('a', 'good.png'), 200, 150, cloth(8));
    await symlink('/nowhere.png', file('a', 'gone.png'));
    const items = [
      { file: file('a', 'gone.png'), gallery: 'a' },
      { file: file('a', 'good.png'), gallery: 'a' },
    ];
    const outcomes = await Array.fromAsync(importReferences(library, galleries, items));
    expect(kinds(outcomes)).toEqual(['refused', 'added']);
    expect(outcomes[0]).toMatchObject({ error: { code: 'FILE_MISSING' } });
  });

  it('stops between two files where it is told to, and keeps those it has', async () => {
    for (let i = 0; i < 12; i++) await writePicture(file('many', `${i}.png`), 128, 128, cloth(i));
    const abort = new AbortController();
    const outcomes: ImportOutcome[] = [];
    const items = await planImport([file('many')]);
    const running = (async () => {
      for await (const outcome of importReferences(library, galleries, items, { signal: abort.signal })) {
        outcomes.push(outcome);
        abort.abort();
      }
    })();
    await expect(running).rejects.toThrow(/abort/i);
    expect(outcomes.length).toBeGreaterThan(0);
    expect(galleries.byName('many').references).toBeLessThan(12);
    await runImport(file('many'));
    expect(galleries.byName('many').references).toBe(12);
  });
});
