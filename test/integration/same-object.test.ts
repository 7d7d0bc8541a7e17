import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compose, type Homography, resizing } from '../../src/core/alignment/homography.ts';
import { RESOURCES } from '../../src/core/app-info.ts';
import { Engine } from '../../src/core/engine.ts';
import type { ReferenceChoice } from '../../src/core/restoration/references.ts';
import type { Restoration } from '../../src/core/restoration/restore.ts';
import { writeKnownFusion } from '../support/known-fusion.ts';
import { writeKnownGenerator } from '../support/known-generator.ts';
import { asSeen, meanDifference } from '../support/pictures.ts';
import { bent, noisy, view, work, writeImage } from '../support/scene.ts';
import { sharedFolder, temporaryFolder } from '../support/temporary.ts';

// The path of the very same object, with models whose answers are known: what is tested is where the
// reference comes to lie, what it is used for, and when it is not.

const [WIDTH, HEIGHT] = [240, 180];
/** From pixels of the photo to pixels of the work, which does not fill it. */
const toWork: Homography = [3.9, 0.25, -95, -0.2, 4.0, -75, 1e-4, 2e-4, 1];
const shown = await work(1);
const seen = view(shown, toWork, WIDTH, HEIGHT);
/** What the photo shows, at the size of the output. */
const truth = view(shown, compose(toWork, resizing(1 / 4)), WIDTH * 4, HEIGHT * 4);

const folder = await sharedFolder();
let engine: Engine;
let photo: string;
let reference: string;
let otherWork: string;

beforeAll(async () => {
  const models = path.join(folder, 'resources', 'models');
  await writeKnownGenerator(path.join(models, 'known-generator'));
  await writeKnownFusion(path.join(models, 'known-fusion'));
  await writeDoubtingRetriever(path.join(models, 'retriever-small'));
  engine = await Engine.open({
    library: path.join(folder, 'library'),
    resources: path.join(folder, 'resources'),
    tool: 'RASR test',
  });
  photo = await writeImage(path.join(folder, 'photo.png'), noisy(seen, 15));
  reference = await writeImage(path.join(folder, 'work.png'), shown);
  otherWork = await writeImage(path.join(folder, 'other-work.png'), await work(2));
});
afterAll(() => engine.close());

/** The embedded retriever, which here takes no reference for similar enough. */
async function writeDoubtingRetriever(bundle: string): Promise<void> {
  await cp(path.join(RESOURCES, 'models', 'retriever-small'), bundle, { recursive: true });
  const file = path.join(bundle, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  const calibration = { ...manifest.calibration, threshold: 1, sameObject: 1 };
  await writeFile(file, JSON.stringify({ ...manifest, calibration }));
}

async function restore(
  references: ReferenceChoice,
  change: { photo?: string; referenceStrength?: number } = {},
): Promise<Restoration> {
  return engine.restore({
    photo,
    scale: 4,
    references,
    referenceStrength: 1,
    outputFolder: await temporaryFolder(),
    nameTemplate: '{name}',
    format: 'png',
    ifExists: 'refuse',
    ...change,
  });
}

const named = (file: string): ReferenceChoice => ({ kind: 'file', file });

/** Mean difference to the truth in the rectangle, in steps of 8 bits. */
async function error(
  { output }: Restoration,
  left: number,
  top: number,
  width: number,
  height: number,
  expected = truth,
) {
  const area = { left, top, width, height };
  const [a, b] = await Promise.all([
    sharp(output).extract(area).raw().toBuffer(),
    sharp(expected.data, { raw: { width: WIDTH * 4, height: HEIGHT * 4, channels: 3 } })
      .extract(area)
      .raw()
      .toBuffer(),
  ]);
  return meanDifference(a, b);
}

describe('a reference that shows the very same thing', () => {
  it('is laid on the photo to a fraction of a pixel, and recorded', async () => {
    const aligned = await restore(named(reference));
    const without = await restore({ kind: 'none' });
    expect(await error(aligned, 200, 150, 500, 400)).toBeLessThan(
      0.4 * (await error(without, 200, 150, 500, 400)),
    );
    const { sameObject, references, decision } = aligned.record;
    expect(decision).toBe('chosen');
    expect(sameObject!.sha256).toBe(references[0]!.sha256);
    // The work fills what the wall leaves: 800 × 600 of its pixels at about a quarter of their size.
    expect(sameObject!.overlap).toBeGreaterThan(0.6);
    expect(sameObject!.overlap).toBeLessThan(0.8);
    expect(sameObject!.used).toBeCloseTo(sameObject!.overlap, 1);
    expect(without.record.sameObject).toBeNull();
  });

  it('is laid on it where it is not flat', async () => {
    const toBentWork = bent(toWork, WIDTH, 2);
    const photo = await writeImage(
      path.join(folder, 'bent.png'),
      noisy(view(shown, toBentWork, WIDTH, HEIGHT), 15),
    );
    const fine = view(shown, (x, y) => toBentWork((x - 1.5) / 4, (y - 1.5) / 4), WIDTH * 4, HEIGHT * 4);
    const [aligned, without] = [
      await restore(named(reference), { photo }),
      await restore({ kind: 'none' }, { photo }),
    ];
    expect(await error(aligned, 200, 150, 500, 400, fine)).toBeLessThan(
      0.5 * (await error(without, 200, 150, 500, 400, fine)),
    );
    expect(aligned.record.sameObject!.overlap).toBeGreaterThan(0.4);
  });

  it('leaves what is around it as it is without', async () => {
    // The wall above the work, well away from it.
    const strip = { left: 0, top: 0, width: WIDTH * 4, height: 40 };
    const [aligned, without] = await Promise.all(
      [await restore(named(reference)), await restore({ kind: 'none' })].map(({ output }) =>
        sharp(output).extract(strip).raw().toBuffer(),
      ),
    );
    // Only the texture that the known generator draws from any reference may differ.
    expect(meanDifference(aligned!, without!)).toBeLessThan(30);
    expect((await restore(named(reference))).record.sameObject!.used).toBeLessThan(0.8);
  });

  it('counts as much as is asked for, and at 0 not at all', async () => {
    const [full, half, none, off] = await Promise.all(
      [
        await restore(named(reference)),
        await restore(named(reference), { referenceStrength: 0.5 }),
        await restore(named(reference), { referenceStrength: 0 }),
        await restore({ kind: 'none' }),
      ].map(async ({ output }) => (await asSeen(output)).data),
    );
    expect(meanDifference(none!, off!)).toBe(0);
    const toHalf = meanDifference(half!, off!);
    expect(toHalf).toBeGreaterThan(0);
    expect(toHalf).toBeLessThan(0.8 * meanDifference(full!, off!));
  });

  it('is found in a gallery even where it is not similar enough', async () => {
    for await (const { kind } of engine.importReferences([
      { file: otherWork, gallery: 'Works' },
      { file: reference, gallery: 'Works' },
    ])) {
      expect(kind).toBe('added');
    }
    // Far off, on a wide wall.
    const small = compose(toWork, [1.6, 0, -90, 0, 1.6, -70, 0, 0, 1]);
    const far = await writeImage(path.join(folder, 'far.png'), view(shown, small, WIDTH, HEIGHT));
    const { record } = await restore({ kind: 'find', galleryId: null }, { photo: far });
    expect(record.search!.best!.similarity).toBeLessThan(record.search!.threshold);
    expect(record.decision).toBe('found');
    expect(record.references[0]!.name).toBe('work.png');
    expect(record.sameObject!.sha256).toBe(record.references[0]!.sha256);
  });

  it('is passed over where it has fewer pixels than the photo', async () => {
    const tiny = path.join(await temporaryFolder(), 'tiny.png');
    await sharp(reference).resize(200).png().toFile(tiny);
    expect((await restore(named(tiny))).record.sameObject).toBeNull();
  });
});

describe('a reference that shows something else', () => {
  it('is not laid on the photo', async () => {
    const { record } = await restore(named(otherWork));
    expect(record.sameObject).toBeNull();
    expect(record.references.map(({ name }) => name)).toEqual(['other-work.png']);
  });
});

describe('without a fusion model', () => {
  it('the engine restores as before', async () => {
    const resources = await temporaryFolder();
    await writeKnownGenerator(path.join(resources, 'models', 'known-generator'));
    await cp(
      path.join(RESOURCES, 'models', 'retriever-small'),
      path.join(resources, 'models', 'retriever-small'),
      {
        recursive: true,
      },
    );
    const plain = await Engine.open({ library: await temporaryFolder(), resources, tool: 'RASR test' });
    const { record } = await plain.restore({
      photo,
      scale: 2,
      references: named(reference),
      referenceStrength: 1,
      outputFolder: await temporaryFolder(),
      nameTemplate: '{name}',
      format: 'png',
      ifExists: 'refuse',
    });
    expect(record.sameObject).toBeNull();
    await plain.close();
  });
});
