import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LibraryPaths } from '../../../../src/core/library/paths.ts';
import { FeatureCache } from '../../../../src/core/restoration/feature-cache.ts';
import { featureDims, type Generator, joinFeatures } from '../../../../src/core/restoration/generator.ts';
import { loadGenerator } from '../../../support/bundles.ts';
import { cloth, writePicture } from '../../../support/pictures.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const SHA = 'a'.repeat(64);
let generator: Generator;
let paths: LibraryPaths;
let reference: string;

beforeAll(async () => {
  generator = await loadGenerator();
});
afterAll(() => generator.release());
beforeEach(async () => {
  const folder = await temporaryFolder();
  paths = new LibraryPaths(folder);
  reference = await writePicture(path.join(folder, 'reference.png'), 200, 160, cloth(3));
});

const cachedFile = () => paths.features(SHA, generator.bundle.hash);

describe('FeatureCache', () => {
  it('gives one token sequence a level, of the shapes the manifest promises', async () => {
    const features = await new FeatureCache(paths).features(generator, SHA, reference);
    expect(features.map(({ dims }) => dims)).toEqual(
      generator.bundle.manifest.reference.features.map(featureDims),
    );
    for (const { data } of features) expect(data.every((value) => Number.isFinite(value))).toBe(true);
  });

  it('encodes a reference once: neither memory nor disk asks for its picture again', async () => {
    const cache = new FeatureCache(paths);
    const first = await cache.features(generator, SHA, reference);
    await rm(reference);
    expect(await cache.features(generator, SHA, reference)).toBe(first);
    const afterRestart = await new FeatureCache(paths).features(generator, SHA, reference);
    expect(afterRestart).toEqual(first);
    await rm(cachedFile());
    await expectRefusal(
      new FeatureCache(paths).features(generator, SHA, reference),
      'FILE_MISSING',
      reference,
    );
  });

  it('holds references that are no longer in memory on disk', async () => {
    const cache = new FeatureCache(paths);
    const first = await cache.features(generator, SHA, reference);
    for (let i = 0; i < 20; i++) {
      const other = i.toString(16).padStart(64, '0');
      await writeFile(paths.features(other, generator.bundle.hash), await readFile(cachedFile()));
      await cache.features(generator, other, reference);
    }
    await rm(reference);
    const again = await cache.features(generator, SHA, reference);
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
  });

  it.each([
    ['empty', 0],
    ['cut short', 0.5],
  ])('encodes again where the cached file is %s', async (_what, share) => {
    const first = await new FeatureCache(paths).features(generator, SHA, reference);
    const bytes = await readFile(cachedFile());
    await writeFile(cachedFile(), bytes.subarray(0, bytes.length * share));
    expect(await new FeatureCache(paths).features(generator, SHA, reference)).toEqual(first);
    expect(await readFile(cachedFile())).toEqual(bytes);
  });

  it('leaves nothing behind where the reference cannot be read', async () => {
    const broken = path.join(paths.root, 'broken.jpg');
    await writeFile(broken, 'no image');
    await expectRefusal(new FeatureCache(paths).features(generator, SHA, broken), 'NOT_AN_IMAGE', broken);
    expect(existsSync(cachedFile())).toBe(false);
    expect((await readdir(paths.root)).sort()).toEqual(['broken.jpg', 'reference.png']);
  });
});

describe('joinFeatures', () => {
  it('joins sequences level by level', async () => {
    const one = await generator.encodeReference(reference);
    const two = await generator.encodeReference(
      await writePicture(path.join(paths.root, 'b.png'), 90, 90, cloth(5)),
    );
    const joined = joinFeatures([one, two]);
    joined.forEach(({ data, dims }, level) => {
      const [first, second] = [one[level]!, two[level]!];
      expect(dims).toEqual([1, first.dims[1]! + second.dims[1]!, first.dims[2]]);
      expect(data.subarray(0, first.data.length)).toEqual(first.data);
      expect(data.subarray(first.data.length)).toEqual(second.data);
    });
    expect(joinFeatures([one])).toBe(one);
  });
});
