import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Engine } from '../../src/core/engine.ts';
import { scaleOf } from '../../src/core/retrieval/library-calibration.ts';
import { poorShot } from '../../src/core/retrieval/poor-shot.ts';
import { copyBundle, embeddedBundle } from '../support/bundles.ts';
import { openEngine } from '../support/engine.ts';
import { cloth, writePicture } from '../support/pictures.ts';
import { sharedFolder, temporaryFolder } from '../support/temporary.ts';

// A retriever calibrated on a real library's own galleries.

const COUNT = 72;
const GALLERIES = 6;
const pictures = await sharedFolder();
const pictureFile = (seed: number) => path.join(pictures, `${seed}.png`);
const embedded = await embeddedBundle('retriever');

beforeAll(async () => {
  for (let seed = 0; seed < COUNT; seed++)
    await writePicture(pictureFile(seed), 128, 128 + seed, cloth(seed));
});

let engine: Engine;
beforeEach(async () => {
  const folder = path.join(await temporaryFolder(), 'library');
  // The embedded retriever with a threshold that accepts whatever is found.
  await copyBundle(embedded, path.join(folder, 'models', 'lax'), (manifest) => {
    manifest.calibration.threshold = -1;
  });
  engine = await openEngine(folder);
  onTestFinished(() => engine.close());
});

async function importUpTo(from: number, to: number): Promise<void> {
  const items = Array.from({ length: to - from }, (_, i) => ({
    file: pictureFile(from + i),
    gallery: `gallery ${(from + i) % GALLERIES}`,
  }));
  for await (const { kind } of engine.importReferences(items)) expect(kind).toBe('added');
}

const calibrations = () =>
  engine.library.database
    .prepare<[], { queries: number; held: number; threshold: number; at: string }>(
      'SELECT queries, held, threshold, created_at AS at FROM calibration',
    )
    .all();

describe('calibration on the galleries', () => {
  it('corrects a threshold that lets strangers in, from 59 references on', async () => {
    await importUpTo(0, 58);
    await engine.calibrate();
    expect(calibrations()).toEqual([]);
    expect(scaleOf(engine.library, engine.activeRetriever()).threshold).toBe(-1);

    await importUpTo(58, COUNT);
    const progress: [number, number][] = [];
    await engine.calibrate((done, total) => progress.push([done, total]));
    expect(progress.at(-1)).toEqual([COUNT, COUNT]);
    const [stored] = calibrations();
    expect(stored).toMatchObject({ queries: COUNT, held: COUNT });
    const scale = scaleOf(engine.library, engine.activeRetriever());
    expect(scale.threshold).toBe(stored!.threshold);
    expect(scale.threshold).toBeGreaterThan(0);

    const matches = await engine.search(pictureFile(3), { galleryId: null, count: COUNT });
    expect(matches[0]).toMatchObject({ accepted: true, reference: { name: '3.png' } });
    for (const { accepted, similarity, closeness } of matches) {
      expect(accepted).toBe(similarity >= scale.threshold);
      expect(closeness === 'rejected').toBe(!accepted);
    }
    expect(matches.some(({ accepted }) => !accepted)).toBe(true);
  });

  it('is done again only where the library has changed much', async () => {
    await importUpTo(0, 60);
    await engine.calibrate();
    const [first] = calibrations();
    await importUpTo(60, COUNT);
    await engine.calibrate();
    expect(calibrations()).toEqual([first]);
    for (const { id } of engine.galleries.list().slice(0, GALLERIES - 1))
      engine.galleries.changes.removeGallery(id);
    await engine.calibrate();
    // Too few are left to have a say.
    expect(calibrations()).toEqual([]);
  });

  it('ends where the engine is closed midway, and is then not stored', async () => {
    await importUpTo(0, 60);
    let stopped: Promise<void> | undefined;
    const calibrating = engine.calibrate((done) => {
      if (done === 2) stopped = engine.close();
    });
    await expect(calibrating).rejects.toThrow(/abort/i);
    await stopped;
  });
});

describe('poorShot', () => {
  it('is the same for the same seed, another for another, and small', async () => {
    const [one, same, other] = await Promise.all([4, 4, 6].map((seed) => poorShot(pictureFile(1), seed)));
    expect(one!.equals(same!)).toBe(true);
    expect(one!.equals(other!)).toBe(false);
    expect(one!.length).toBeLessThan(30_000);
  });
});
