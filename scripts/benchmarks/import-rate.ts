import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { RESOURCES } from '../../src/core/app-info.ts';
import { Engine } from '../../src/core/engine.ts';
import { findFiles } from '../../src/core/files/walk.ts';
import { Galleries } from '../../src/core/galleries/galleries.ts';
import { importReferences } from '../../src/core/galleries/import.ts';
import { Library } from '../../src/core/library/library.ts';
import { hasImageExtension } from '../../src/core/photo/formats.ts';
import type { Retriever } from '../../src/core/retrieval/retriever.ts';
import { randomNumbers } from './random.ts';

/** Pictures embedded in one run, as the index does. */
const BATCH = 8;
/** Parts that are embedded and imported by turns, since a machine is not equally quick all the time. */
const TURNS = 4;
/** Sides of the pictures imported, in pixels. */
const SIZE = { width: 1600, height: 1200 };

/**
 * Imports pictures and prints the rate, beside that of embedding the same files alone; the two by turns.
 *
 * @param count how many pictures are cut from the samples, or of the photos are taken at most
 * @param folder where it works
 * @param photos a folder of photos to import in place of pictures cut from the samples
 */
export async function measureImport(
  retriever: Retriever,
  count: number,
  folder: string,
  photos?: string,
): Promise<void> {
  const files =
    photos === undefined
      ? await makePictures(count, path.join(folder, 'pictures'))
      : (await findFiles(photos, hasImageExtension)).slice(0, count).map((found) => found.path);
  await retriever.embed(files.slice(0, BATCH));
  const library = path.join(folder, 'import');
  await cp(retriever.bundle.folder, path.join(library, 'models', retriever.bundle.manifest.id), {
    recursive: true,
  });
  const engine = await Engine.open({ library, resources: RESOURCES, tool: 'benchmark' });
  engine.retrieverSwitch.begin(retriever.bundle.manifest.id);
  await engine.retrieverSwitch.settled();
  const items = files.map((file) => ({ file, gallery: 'samples' }));
  const other = new Library(path.join(folder, 'pictures-alone'));
  const [embedding, whole, storing]: [Taken[], Taken[], Taken[]] = [[], [], []];
  const part = Math.ceil(items.length / TURNS);
  for (let begin = 0; begin < items.length; begin += part) {
    const some = items.slice(begin, begin + part);
    embedding.push(
      await take(async () => {
        for (let i = 0; i < some.length; i += BATCH)
          await retriever.embed(some.slice(i, i + BATCH).map(({ file }) => file));
      }),
    );
    whole.push(
      await take(async () => {
        for await (const { kind } of engine.importReferences(some)) {
          // Of rendered pictures none is refused; photos may be there twice, or too small.
          if (kind !== 'added' && photos === undefined) throw new Error(`a picture was ${kind}`);
        }
      }),
    );
    storing.push(
      await take(async () => {
        for await (const _ of importReferences(other, new Galleries(other), some));
      }),
    );
  }
  other.close();
  const { database } = engine.library;
  // The same vectors again, for a library that has the pictures: what a change of the retriever costs.
  const { hash } = engine.activeRetriever();
  database.exec(`DELETE FROM vector_${hash}; DELETE FROM code_${hash}`);
  await engine.close();
  const again = await Engine.open({ library, resources: RESOURCES, tool: 'benchmark' });
  const indexing = await take(async () => {
    for await (const _ of again.importReferences([]));
  });
  const calibrating = await take(() => again.calibrate());
  const { id } = again.galleries.byName('samples');
  const showing = await take(async () => {
    await Promise.all(again.galleries.references(id).map(({ sha256 }) => again.thumbnails.of(sha256)));
  });
  await again.close();
  const alone = sum(embedding);
  const row = (name: string, { wall, cpu }: Taken) =>
    console.log(
      [
        name,
        (files.length / wall).toFixed(1),
        (wall / alone.wall).toFixed(2),
        ((1000 * cpu) / files.length).toFixed(0),
        (cpu / alone.cpu).toFixed(2),
      ].join(' | '),
    );
  const what = photos === undefined ? `JPEG files of ${SIZE.width} × ${SIZE.height} pixels` : 'photos';
  console.log(`\n${files.length} ${what}`);
  console.log('work | references/s | time over embedding alone | CPU ms each | CPU over embedding alone');
  row('embedding the files alone', alone);
  row('storing proxies alone', sum(storing));
  row('whole import', sum(whole));
  row('indexing what is stored (a change of the retriever)', indexing);
  row('calibrating on it', calibrating);
  row('thumbnails, made when they are first looked at', showing);
  const ratios = whole.map(({ wall }, turn) => wall / embedding[turn]!.wall).sort((a, b) => a - b);
  const median = ratios[Math.trunc(ratios.length / 2)]!;
  const [least, greatest] = [ratios[0]!, ratios.at(-1)!].map((ratio) => ratio.toFixed(2));
  console.log(
    `whole import over embedding alone, turn by turn: ${median.toFixed(2)} (${least} to ${greatest})`,
  );
}

async function makePictures(count: number, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const sources = await findFiles(path.join(RESOURCES, 'samples', 'galleries'), hasImageExtension);
  const random = randomNumbers(1);
  const files = Array.from({ length: count }, (_, i) => path.join(folder, `${i}.jpg`));
  for (const [i, file] of files.entries()) {
    const source = sharp(sources[i % sources.length]!.path);
    const { width, height } = await source.metadata();
    const share = 0.6 + 0.4 * random();
    const [wide, high] = [Math.floor(width * share), Math.floor(height * share)];
    await source
      .extract({
        left: Math.floor((width - wide) * random()),
        top: Math.floor((height - high) * random()),
        width: wide,
        height: high,
      })
      .resize(SIZE.width, SIZE.height, { fit: 'cover' })
      .jpeg({ quality: 92 })
      .toFile(file);
  }
  return files;
}

/** What a piece of work took, in seconds. */
interface Taken {
  readonly wall: number;
  /** Of all threads: what other work on the machine does not change. */
  readonly cpu: number;
}

function sum(parts: readonly Taken[]): Taken {
  return parts.reduce((a, b) => ({ wall: a.wall + b.wall, cpu: a.cpu + b.cpu }));
}

async function take(work: () => Promise<void>): Promise<Taken> {
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 };
}
