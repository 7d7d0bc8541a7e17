import { readFile } from 'node:fs/promises';
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

  it('that cannot be read are refused by their own name', async () => {
    const references = { kind: 'file', file: path.join(shared, 'none.png') } as const;
    await expectRefusal(engine.restore(request({ references })), 'FILE_MISSING', 'none.png');
    expect(await filesBelow(out)).toEqual([]);
  });

  it('there are none of in an empty gallery, which is told', async () => {
    const { id } = engine.galleries.ensure('Empty');
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
