import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESOURCES } from '../../src/core/app-info.ts';
import type { Engine } from '../../src/core/engine.ts';
import { planImport } from '../../src/core/galleries/import.ts';
import type { ReferenceChoice } from '../../src/core/restoration/references.ts';
import { openEngine } from '../support/engine.ts';
import { asSeen, meanDifference } from '../support/pictures.ts';
import { sharedFolder, temporaryFolder } from '../support/temporary.ts';

// What the app promises of the weights it ships, whichever version they are: judged on its samples.

interface Sample {
  readonly file: string;
  /** The gallery that covers it, or null for none. */
  readonly gallery: string | null;
  /** Another rendition of the very object in that gallery, or null. */
  readonly sameObject: string | null;
}

const samples = path.join(RESOURCES, 'samples');
const { photos } = JSON.parse(await readFile(path.join(samples, 'samples.json'), 'utf8')) as {
  photos: Sample[];
};
const library = await sharedFolder();
let engine: Engine;

beforeAll(async () => {
  engine = await openEngine(library);
  for await (const outcome of engine.importReferences(await planImport([path.join(samples, 'galleries')]))) {
    expect(outcome.kind).toBe('added');
  }
});
afterAll(() => engine.close());

describe('the samples', () => {
  it('have galleries for their photos, and a photo that none covers', () => {
    const galleries = engine.galleries.list().map(({ name }) => name);
    expect(galleries.length).toBeGreaterThanOrEqual(3);
    for (const { gallery } of photos) if (gallery !== null) expect(galleries).toContain(gallery);
    expect(photos.some(({ gallery }) => gallery === null)).toBe(true);
  });
});

describe('the retriever', () => {
  it.each(photos)('finds for $file: $gallery', async ({ file, gallery }) => {
    const [best] = await engine.search(path.join(samples, file), { galleryId: null, count: 1 });
    expect(best!.accepted ? best!.reference.gallery : null).toBe(gallery);
  });
});

describe('the generator', () => {
  it('gives another output with a reference than without, and with another reference', async () => {
    const sample = photos.find(({ sameObject }) => sameObject !== null)!;
    const other = photos.find(({ sameObject }) => sameObject !== null && sameObject !== sample.sameObject)!;
    // A piece of it is enough.
    const photo = path.join(await temporaryFolder(), 'piece.png');
    await sharp(path.join(samples, sample.file))
      .extract({ left: 60, top: 60, width: 96, height: 96 })
      .toFile(photo);
    const outputs = [];
    for (const file of [sample.sameObject!, other.sameObject!]) {
      outputs.push(await restore(photo, { kind: 'file', file: path.join(samples, file) }));
    }
    const without = await restore(photo, { kind: 'none' });
    expect(meanDifference(outputs[0]!, without)).toBeGreaterThan(0);
    expect(meanDifference(outputs[0]!, outputs[1]!)).toBeGreaterThan(0);
  });

  async function restore(photo: string, references: ReferenceChoice): Promise<Uint8Array> {
    const { output } = await engine.restore({
      photo,
      scale: 4,
      references,
      referenceStrength: 1,
      outputFolder: await temporaryFolder(),
      nameTemplate: '{name}',
      format: 'png',
      ifExists: 'refuse',
    });
    return (await asSeen(output)).data;
  }
});
