import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/core/engine.ts';
import type { RestorationProgress, RestorationRequest } from '../../src/core/restoration/restore.ts';
import { copyBundle, embeddedBundle } from '../support/bundles.ts';
import { openEngine } from '../support/engine.ts';
import { asSeen, cloth, gradient, meanDifference, picture, writePicture } from '../support/pictures.ts';
import { expectRefusal } from '../support/refusal.ts';
import { filesBelow, hashesBelow } from '../support/snapshot-of-files.ts';
import { sharedFolder, temporaryFolder } from '../support/temporary.ts';
import { xmlFault } from '../support/xml.ts';

// One restoration, start to finish, on the real models.

const shared = await sharedFolder();
const cloths = path.join(shared, 'galleries', 'Cloths');
let engine: Engine;
let photo: string;
let out: string;

beforeAll(async () => {
  engine = await openEngine(path.join(shared, 'library'));
  const items = [];
  for (let seed = 0; seed < 4; seed++) {
    items.push({
      file: await writePicture(path.join(cloths, `${seed}.png`), 256, 256, cloth(seed)),
      gallery: 'Cloths',
    });
  }
  items.push({
    file: await writePicture(path.join(shared, 'sky.png'), 256, 256, gradient),
    gallery: 'Skies',
  });
  for await (const { kind } of engine.importReferences(items)) expect(kind).toBe('added');
  photo = path.join(shared, 'photo.jpg');
  await picture(72, 60, cloth(2)).blur(0.8).jpeg({ quality: 60 }).toFile(photo);
});
afterAll(() => engine.close());
beforeEach(async () => {
  out = await temporaryFolder();
});

function request(change: Partial<RestorationRequest> = {}): RestorationRequest {
  return {
    photo,
    scale: 4,
    references: { kind: 'none' },
    referenceStrength: 1,
    outputFolder: out,
    nameTemplate: '{name}-{scale}',
    format: 'png',
    ifExists: 'refuse',
    ...change,
  };
}

async function pixels(change: Partial<RestorationRequest>, with_ = engine): Promise<Uint8Array> {
  const { output } = await with_.restore(request({ outputFolder: await temporaryFolder(), ...change }));
  return (await asSeen(output)).data;
}

describe('a restoration', () => {
  it.each([1, 2, 4] as const)('at ×%i has that size and agrees with the photo', async (scale) => {
    const { output, record } = await engine.restore(request({ scale }));
    const { width, height } = await sharp(output).metadata();
    expect([width, height]).toEqual([72 * scale, 60 * scale]);
    expect(record).toMatchObject({
      scale,
      output: { width, height },
      decision: 'off',
      references: [],
      search: null,
    });
    // Something else drawn would be near 20 dB; see fidelity.ts.
    expect(record.fidelity).toBeGreaterThan(20);
    const reduced = await sharp(output).resize(72, 60).removeAlpha().raw().toBuffer();
    expect(meanDifference(reduced, (await asSeen(photo)).data)).toBeLessThan(12);
  });

  it('is the same each time', async () => {
    expect(await pixels({})).toEqual(await pixels({}));
  });

  it('leaves the photo and everything beside it alone, and no more than output and record', async () => {
    const before = await hashesBelow(path.join(shared, 'galleries'));
    const bytes = await readFile(photo);
    await engine.restore(request());
    expect(await readFile(photo)).toEqual(bytes);
    expect(await hashesBelow(path.join(shared, 'galleries'))).toEqual(before);
    expect(await filesBelow(out)).toEqual(['photo-4.png', 'photo-4.png.rasr.json']);
  });

  it('tells where it is, stage by stage and tile by tile', async () => {
    const told: RestorationProgress[] = [];
    await engine.restore(request(), (progress) => told.push(progress));
    const stages = told.map(({ stage }) => stage);
    expect([...new Set(stages)]).toEqual(['decoding', 'finding references', 'generating', 'encoding']);
    const tiles = told.flatMap((progress) =>
      progress.stage === 'generating' ? [[progress.done, progress.total]] : [],
    );
    expect(tiles[0]![0]).toBe(0);
    expect(tiles.at(-1)![0]).toBe(tiles.at(-1)![1]);
  });

  it('keeps format, profile, EXIF and transparency of the photo where it is asked to', async () => {
    const file = path.join(shared, 'p3.webp');
    await picture(40, 30)
      .ensureAlpha(0.5)
      .withIccProfile('p3')
      .withExif({ IFD0: { Copyright: 'Zoo Köln' } })
      .webp({ lossless: true })
      .toFile(file);
    const { output } = await engine.restore(request({ photo: file, format: 'keep' }));
    expect(path.extname(output)).toBe('.webp');
    const [before, after] = [await sharp(file).metadata(), await sharp(output).metadata()];
    expect(after).toMatchObject({ width: 160, height: 120, hasAlpha: true });
    expect(after.icc?.equals(before.icc!)).toBe(true);
    expect(after.exif?.includes('Zoo')).toBe(true);
    const { channels } = await sharp(output).stats();
    expect(channels[3]!.mean).toBeCloseTo(128, -1);
  });

  it('carries its record in the file, beside it, and as what is returned; without a path in it', async () => {
    const { output, record } = await engine.restore(
      request({ references: { kind: 'find', galleryId: null } }),
    );
    expect(JSON.parse(await readFile(`${output}.rasr.json`, 'utf8'))).toEqual(record);
    const packet = (await sharp(output).metadata()).xmpAsString!;
    expect(xmlFault(packet)).toBeNull();
    expect(packet).toContain('compositeWithTrainedAlgorithmicMedia');
    expect(packet).toContain(record.photo.sha256);
    expect(packet).toContain(record.generator.hash);
    expect(packet).not.toContain(shared);
    expect(record.generator).toMatchObject({ hash: engine.activeGenerator().hash });
    expect(record.retriever).toMatchObject({ hash: engine.activeRetriever().hash });
  });

  it('that is stopped leaves nothing', async () => {
    const abort = new AbortController();
    const stopped = engine.restore(
      request(),
      ({ stage }) => {
        if (stage === 'generating') abort.abort();
      },
      abort.signal,
    );
    await expect(stopped).rejects.toThrow(/abort/i);
    expect(await filesBelow(out)).toEqual([]);
  });

  it('of two at once into one name lets one win and harms neither', async () => {
    const results = await Promise.allSettled([engine.restore(request()), engine.restore(request())]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'OUTPUT_EXISTS' },
    });
    expect(await filesBelow(out)).toEqual(['photo-4.png', 'photo-4.png.rasr.json']);
  });

  it('takes the next free name where it is to overwrite nothing, and tells it before it is made', async () => {
    const told: string[] = [];
    const onOutput = (output: string) => told.push(`${path.basename(output)} ${existsSync(output)}`);
    const numbered = request({ ifExists: 'number', takenNames: ['photo-4 (2).png'], onOutput });
    const outputs = [];
    for (let i = 0; i < 2; i++) outputs.push((await engine.restore(numbered)).output);
    expect(outputs.map((output) => path.basename(output))).toEqual(['photo-4.png', 'photo-4 (3).png']);
    expect(told).toEqual(['photo-4.png false', 'photo-4 (3).png false']);
    const second = JSON.parse(await readFile(`${outputs[1]}.rasr.json`, 'utf8'));
    expect(second.output.name).toBe('photo-4 (3).png');
    // A record whose output was moved away is no free name either.
    await rm(outputs[0]!);
    const { output } = await engine.restore({ ...numbered, takenNames: [] });
    expect(path.basename(output)).toBe('photo-4 (2).png');
  });

  it('leaves neither record nor output where the record cannot be written', async () => {
    await mkdir(path.join(out, 'photo-4.png.rasr.json'), { recursive: true });
    await expect(engine.restore(request())).rejects.toThrow(/EISDIR|directory/);
    expect(await filesBelow(out)).toEqual([]);
  });
});

describe('references', () => {
  it('that the user names are used, and the record tells', async () => {
    const file = path.join(cloths, '2.png');
    const { record } = await engine.restore(request({ references: { kind: 'file', file } }));
    expect(record.decision).toBe('chosen');
    expect(record.references).toEqual([
      { gallery: null, name: '2.png', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), similarity: null },
    ]);
    expect(record.search).toBeNull();
  });

  it('are found in the gallery that has the like, and named in the record', async () => {
    const { record } = await engine.restore(request({ references: { kind: 'find', galleryId: null } }));
    const { threshold } = engine.activeRetriever().manifest.calibration;
    expect(record.search!.threshold).toBe(threshold);
    expect(record.search!.best!.gallery).toBe('Cloths');
    expect(record.decision).toBe(record.search!.best!.similarity! >= threshold ? 'found' : 'rejected');
    for (const { similarity } of record.references) expect(similarity).toBeGreaterThanOrEqual(threshold);
    const { maxReferences } = engine.activeGenerator().manifest.reference;
    expect(record.references.length).toBeLessThanOrEqual(maxReferences);
  });

  it('come from one gallery alone where it is named', async () => {
    const skies = engine.galleries.byName('Skies').id;
    const { record } = await engine.restore(request({ references: { kind: 'find', galleryId: skies } }));
    expect(record.search!.best!.gallery).toBe('Skies');
    for (const { gallery } of record.references) expect(gallery).toBe('Skies');
  });

  /** The reference of a cloth, by the name of its file. */
  const clothOf = (name: string) =>
    engine.galleries.references(engine.galleries.byName('Cloths').id).find((one) => one.name === name)!;
  const find = (change: object) => ({ kind: 'find', galleryId: null, ...change }) as const;

  it('that are pinned are used whatever their likeness, before those found', async () => {
    const sky = engine.galleries.references(engine.galleries.byName('Skies').id)[0]!;
    const { record } = await engine.restore(request({ references: find({ pinned: [sky.id] }) }));
    expect(record.decision).toBe('chosen');
    expect(record.references[0]).toMatchObject({ name: 'sky.png', gallery: 'Skies', byHand: 'pinned' });
    expect(record.references[0]!.similarity).toBeLessThan(record.search!.threshold);
    expect(record.references[0]!.closeness).toBe('rejected');
    expect(record.search!.best).toMatchObject({ gallery: 'Cloths' });
    expect(
      record.references.slice(1).filter((one) => one.byHand !== undefined || one.name === 'sky.png'),
    ).toEqual([]);
    const { maxReferences } = engine.activeGenerator().manifest.reference;
    expect(record.references.length).toBeLessThanOrEqual(maxReferences);
  });

  it('that are excluded are not used, from whichever gallery the picture comes', async () => {
    const best = (await engine.restore(request({ references: find({}) }))).record.search!.best!;
    const twin = { file: path.join(cloths, best.name), gallery: 'Twins' };
    for await (const { kind } of engine.importReferences([twin])) expect(kind).toBe('added');
    try {
      const { record } = await engine.restore(
        request({
          references: find({ excluded: [clothOf(best.name).id] }),
          outputFolder: await temporaryFolder(),
        }),
      );
      expect(record.search).toMatchObject({ excluded: 1, best: { gallery: 'Cloths' } });
      expect([record.search!.best!, ...record.references].map(({ sha256 }) => sha256)).not.toContain(
        best.sha256,
      );
    } finally {
      engine.galleries.changes.removeGallery(engine.galleries.byName('Twins').id);
    }
  });

  it('that are chosen by hand are used and no others, and change the picture', async () => {
    const [first, second] = [clothOf('1.png'), clothOf('3.png')];
    const { record, output } = await engine.restore(
      request({ references: { kind: 'chosen', referenceIds: [first.id, second.id] } }),
    );
    expect(record.decision).toBe('chosen');
    expect(record.references.map(({ name, byHand }) => [name, byHand]).sort()).toEqual([
      ['1.png', 'chosen'],
      ['3.png', 'chosen'],
    ]);
    expect(record.references[0]!.similarity).toBeGreaterThanOrEqual(record.references[1]!.similarity!);
    expect(record.search!.best).toBeNull();
    expect(record.retriever).toMatchObject({ hash: engine.activeRetriever().hash });
    expect((await asSeen(output)).data).not.toEqual(await pixels({}));
  });

  it('that are chosen and are more than a restoration takes are those most like the photo', async () => {
    const all = ['0.png', '1.png', '2.png', '3.png'].map(clothOf);
    const { record } = await engine.restore(
      request({ references: { kind: 'chosen', referenceIds: all.map(({ id }) => id) } }),
    );
    const { maxReferences } = engine.activeGenerator().manifest.reference;
    const ranked = await engine.rank(photo, { galleryId: all[0]!.galleryId, text: '', limit: 10 });
    expect(ranked.total).toBe(4);
    expect(record.references.map(({ name }) => name)).toEqual(
      ranked.matches.slice(0, maxReferences).map(({ reference }) => reference.name),
    );
  });

  it('that are chosen and were removed are told', async () => {
    const references = { kind: 'chosen', referenceIds: [999_999] } as const;
    await expectRefusal(engine.restore(request({ references })), 'REFERENCE_MISSING');
    expect(await filesBelow(out)).toEqual([]);
  });

  it('are ranked by their likeness, also those of a name alone', async () => {
    const all = await engine.rank(photo, { galleryId: null, text: '', limit: 10 });
    expect(all.total).toBe(5);
    const similarities = all.matches.map(({ similarity }) => similarity);
    expect(similarities).toEqual(similarities.toSorted((a, b) => b - a));
    const named = await engine.rank(photo, { galleryId: null, text: 'SKY', limit: 10 });
    expect(named).toMatchObject({ total: 1, matches: [{ reference: { name: 'sky.png' } }] });
    const sky = all.matches.find(({ reference }) => reference.name === 'sky.png')!;
    expect(named.matches[0]!.similarity).toBeCloseTo(sky.similarity, 5);
    expect((await engine.rank(photo, { galleryId: null, text: 'cloths', limit: 2 })).matches).toHaveLength(2);
  });

  it('that cannot be read are refused by their own name', async () => {
    const references = { kind: 'file', file: path.join(shared, 'none.png') } as const;
    await expectRefusal(engine.restore(request({ references })), 'FILE_MISSING', 'none.png');
    expect(await filesBelow(out)).toEqual([]);
  });

  it('there are none of in an empty gallery, which is told', async () => {
    const id = engine.galleries.ensure('Empty');
    const { record } = await engine.restore(request({ references: { kind: 'find', galleryId: id } }));
    expect(record).toMatchObject({ decision: 'empty', references: [], search: { best: null } });
  });
});

describe('a photo that no reference is like', () => {
  it('is restored exactly as without references, and the record tells what was rejected', async () => {
    // The same retriever with the strictest threshold there is: whatever is found is not like enough.
    const library = path.join(await temporaryFolder(), 'library');
    await copyBundle(
      await embeddedBundle('retriever'),
      path.join(library, 'models', 'strict'),
      (manifest) => {
        manifest.calibration.threshold = 1;
      },
    );
    const strict = await openEngine(library);
    try {
      const items = [{ file: path.join(cloths, '1.png'), gallery: 'Cloths' }];
      for await (const { kind } of strict.importReferences(items)) expect(kind).toBe('added');
      const { output, record } = await strict.restore(
        request({ references: { kind: 'find', galleryId: null } }),
      );
      expect(record).toMatchObject({
        decision: 'rejected',
        references: [],
        search: { best: { gallery: 'Cloths', name: '1.png' }, threshold: 1 },
      });
      expect((await asSeen(output)).data).toEqual(await pixels({}, strict));
    } finally {
      await strict.close();
    }
  });
});
