import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { FreshPictures } from '../../../../src/core/galleries/fresh-pictures.ts';
import { Galleries, type Reference } from '../../../../src/core/galleries/galleries.ts';
import { importReferences } from '../../../../src/core/galleries/import.ts';
import { readReference } from '../../../../src/core/galleries/pictures.ts';
import type { Library } from '../../../../src/core/library/library.ts';
import { readBundle } from '../../../../src/core/models/bundle.ts';
import { chooseDevice } from '../../../../src/core/models/device.ts';
import { bundleScale } from '../../../../src/core/retrieval/calibration.ts';
import { closeness, type SimilarityScale } from '../../../../src/core/retrieval/closeness.ts';
import { Retriever } from '../../../../src/core/retrieval/retriever.ts';
import { search } from '../../../../src/core/retrieval/search.ts';
import { VectorIndex } from '../../../../src/core/retrieval/vector-index.ts';
import { copyBundle, loadRetriever } from '../../../support/bundles.ts';
import { temporaryLibrary } from '../../../support/engine.ts';
import { cloth, writePicture } from '../../../support/pictures.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { sharedFolder, temporaryFolder } from '../../../support/temporary.ts';

const pictures = await sharedFolder();
let retriever: Retriever;
let library: Library;
let galleries: Galleries;
let index: VectorIndex;
let scale: SimilarityScale;

const pictureFile = (seed: number) => path.join(pictures, `${seed}.png`);

beforeAll(async () => {
  retriever = await loadRetriever();
  scale = bundleScale(retriever.bundle.manifest.calibration);
  for (let seed = 0; seed < 20; seed++) await writePicture(pictureFile(seed), 160, 128, cloth(seed));
});
afterAll(() => retriever.release());
beforeEach(async () => {
  library = await temporaryLibrary();
  galleries = new Galleries(library);
  index = new VectorIndex(library, retriever);
});

async function addTo(gallery: string, ...seeds: number[]): Promise<void> {
  const items = seeds.map((seed) => ({ file: pictureFile(seed), gallery }));
  const outcomes = await Array.fromAsync(importReferences(library, galleries, items));
  expect(outcomes.map(({ kind }) => kind)).toEqual(seeds.map(() => 'added'));
}

async function embed(seed: number): Promise<Float32Array> {
  const [vector] = await retriever.embed([pictureFile(seed)]);
  return vector!;
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('Retriever', () => {
  it('gives unit vectors of the length the manifest promises, one a file, the same alone or in a batch', async () => {
    const batch = await retriever.embed([pictureFile(0), pictureFile(1), pictureFile(2)]);
    for (const [seed, vector] of batch.entries()) {
      expect(vector).toHaveLength(retriever.bundle.manifest.embedding.dimension);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
      expect(dot(vector, await embed(seed))).toBeGreaterThan(0.9999);
    }
  });

  it('looks at a query as a reference is embedded, too: no picture is more like one than itself', async () => {
    const views = await retriever.embedQuery(pictureFile(2));
    expect(views).toHaveLength(2 * retriever.bundle.manifest.queryCrops.length);
    const reference = await embed(2);
    expect(Math.max(...views.map((view) => dot(view, reference)))).toBeGreaterThan(0.9999);
    expect(dot(views[0]!, reference)).toBeLessThan(0.999);
  });

  it('finds a picture most like itself', async () => {
    const vectors = await retriever.embed([0, 1, 2, 3].map(pictureFile));
    const own = dot(vectors[1]!, await embed(1));
    for (const [i, vector] of vectors.entries())
      if (i !== 1) expect(dot(vectors[1]!, vector)).toBeLessThan(own);
  });

  it('refuses what is no image', async () => {
    const text = path.join(pictures, 'text.jpg');
    await writeFile(text, 'text');
    await expectRefusal(retriever.embed([pictureFile(0), text]), 'NOT_AN_IMAGE', text);
    await expectRefusal(retriever.embed([path.join(pictures, 'none.jpg')]), 'FILE_MISSING', 'none.jpg');
  });
});

describe('VectorIndex', () => {
  it('indexes each reference once, telling how far it is', async () => {
    await addTo('a', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    expect(index.countMissing()).toBe(10);
    const progress: [number, number][] = [];
    await index.complete((done, total) => progress.push([done, total]));
    expect(progress.at(-1)).toEqual([10, 10]);
    expect(progress.length).toBeGreaterThan(1);
    expect(index.countMissing()).toBe(0);
    progress.length = 0;
    await index.complete((done, total) => progress.push([done, total]));
    expect(progress).toEqual([]);
  });

  it('gives the nearest first, with their cosine similarity', async () => {
    await addTo('a', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    await index.complete();
    const query = await embed(3);
    const references = galleries.references(galleries.byName('a').id);
    const seen = references.map((reference) => readReference(reference, 192, library.paths));
    const vectors = await retriever.embed(await Promise.all(seen));
    const wanted = references
      .map(({ id }, i) => ({ referenceId: id, similarity: dot(query, vectors[i]!) }))
      .sort((a, b) => b.similarity - a.similarity);
    const found = index.nearest(query, 5, null);
    expect(found.map(({ referenceId }) => referenceId)).toEqual(
      wanted.slice(0, 5).map(({ referenceId }) => referenceId),
    );
    found.forEach(({ similarity }, i) => {
      expect(similarity).toBeCloseTo(wanted[i]!.similarity, 4);
    });
    expect(galleries.reference(found[0]!.referenceId).name).toBe('3.png');
    expect(index.nearest(query, 100, null)).toHaveLength(12);
  });

  it('takes what was just imported from memory, and finds it as it would have from the file', async () => {
    const fresh = new FreshPictures();
    const items = [{ file: pictureFile(3), gallery: 'a' }];
    for await (const { kind } of importReferences(library, galleries, items, { fresh })) {
      expect(kind).toBe('added');
    }
    const [reference] = galleries.references(galleries.byName('a').id) as [Reference];
    const [vector] = await retriever.embed([await readReference(reference, 192, library.paths)]);
    await rm(library.paths.proxy(reference.sha256));
    await new VectorIndex(library, retriever, fresh).complete();
    expect(fresh.take(reference.sha256)).toBeUndefined();
    expect(index.nearest(vector!, 1, null)[0]!.similarity).toBeCloseTo(1, 6);
  });

  it('searches one gallery alone where it is told to', async () => {
    await addTo('a', 0, 1, 2);
    await addTo('b', 3, 4);
    await index.complete();
    const [a, b] = [galleries.byName('a').id, galleries.byName('b').id];
    const names = (galleryId: number | null, query: Float32Array) =>
      index.nearest(query, 10, galleryId).map(({ referenceId }) => galleries.reference(referenceId).name);
    const query = await embed(0);
    expect(names(b, query).sort()).toEqual(['3.png', '4.png']);
    expect(names(a, query)).toHaveLength(3);
    expect(names(null, query)).toHaveLength(5);
    expect(names(galleries.create('empty').id, query)).toEqual([]);
  });

  it('forgets references and galleries that are removed', async () => {
    await addTo('a', 0, 1, 2);
    await addTo('b', 3);
    await index.complete();
    const query = await embed(0);
    const first = galleries.reference(index.nearest(query, 1, null)[0]!.referenceId);
    expect(first.name).toBe('0.png');
    galleries.changes.removeReferences([first.id]);
    expect(index.nearest(query, 10, null).map(({ referenceId }) => referenceId)).not.toContain(first.id);
    galleries.changes.removeGallery(galleries.byName('a').id);
    const left = index.nearest(query, 10, null);
    expect(left.map(({ referenceId }) => galleries.reference(referenceId).name)).toEqual(['3.png']);
  });

  it('never gives the vector of a removed reference to one that comes after it', async () => {
    await addTo('a', 0);
    await index.complete();
    galleries.changes.removeGallery(galleries.byName('a').id);
    await addTo('a', 1);
    expect(index.countMissing()).toBe(1);
    expect(index.nearest(await embed(0), 10, null)).toEqual([]);
  });

  it('completes what was cut short', async () => {
    await addTo('a', ...Array.from({ length: 12 }, (_, i) => i));
    const abort = new AbortController();
    await expect(index.complete(() => abort.abort(), abort.signal)).rejects.toThrow(/abort/i);
    const missing = index.countMissing();
    expect(missing).toBeGreaterThan(0);
    expect(missing).toBeLessThan(12);
    await index.complete();
    expect(index.countMissing()).toBe(0);
    expect(index.nearest(await embed(11), 20, null)).toHaveLength(12);
  });

  it('may be completed by two at once', async () => {
    await addTo('a', ...Array.from({ length: 10 }, (_, i) => i));
    const other = new VectorIndex(library, retriever);
    await Promise.all([index.complete(), other.complete()]);
    expect(index.nearest(await embed(0), 20, null)).toHaveLength(10);
  });

  it('finds the others where stored pictures are lost or damaged', async () => {
    await addTo('a', ...Array.from({ length: 10 }, (_, i) => i));
    const references = galleries.references(galleries.byName('a').id);
    const hashOf = (name: string) => references.find((reference) => reference.name === name)!.sha256;
    await rm(library.paths.proxy(hashOf('0.png')));
    await writeFile(library.paths.proxy(hashOf('9.png')), 'damaged');
    const matches = await search(
      pictureFile(3),
      { galleryId: null, count: 20 },
      retriever,
      index,
      galleries,
      scale,
    );
    expect(matches).toHaveLength(8);
    expect(matches[0]!.reference.name).toBe('3.png');
    expect(index.countMissing()).toBe(2);
  });

  it("keeps two retrievers' vectors apart", async () => {
    const folder = await copyBundle(
      retriever.bundle,
      path.join(await temporaryFolder(), 'other'),
      (manifest) => {
        manifest.version = '99.0.0';
      },
    );
    const second = await Retriever.load(
      (await readBundle(folder)) as typeof retriever.bundle,
      chooseDevice(),
    );
    onTestFinished(() => second.release());
    await addTo('a', 0, 1);
    await index.complete();
    const other = new VectorIndex(library, second);
    expect([index.countMissing(), other.countMissing()]).toEqual([0, 2]);
    expect(other.nearest(await embed(0), 5, null)).toEqual([]);
    await other.complete();
    expect(other.nearest(await embed(0), 5, null)).toHaveLength(2);
    const [first] = galleries.references(galleries.byName('a').id);
    galleries.changes.removeReferences([first!.id]);
    for (const each of [index, other]) expect(each.nearest(await embed(0), 5, null)).toHaveLength(1);
  });
});

describe('search', () => {
  it('accepts exactly what reaches the threshold', async () => {
    await addTo('a', 0, 1, 2, 3);
    const matches = await search(
      pictureFile(0),
      { galleryId: null, count: 4 },
      retriever,
      index,
      galleries,
      scale,
    );
    const { threshold } = retriever.bundle.manifest.calibration;
    expect(matches).toHaveLength(4);
    for (const match of matches) {
      expect(match.accepted).toBe(match.similarity >= threshold);
      expect(match.closeness).toBe(closeness(match.similarity, scale));
    }
    expect(matches[0]).toMatchObject({ accepted: true, reference: { name: '0.png', gallery: 'a' } });
  });

  it('finds nothing in an empty library', async () => {
    expect(
      await search(pictureFile(0), { galleryId: null, count: 4 }, retriever, index, galleries, scale),
    ).toEqual([]);
  });
});
