import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { RESOURCES } from '../../src/core/app-info.ts';
import { Library } from '../../src/core/library/library.ts';
import { signCode } from '../../src/core/library/sign-code.ts';
import { vectorTable } from '../../src/core/library/vector-tables.ts';
import { isKind, type RetrieverBundle, readBundle } from '../../src/core/models/bundle.ts';
import { chooseDevice } from '../../src/core/models/device.ts';
import { ModelShelf } from '../../src/core/models/model-shelf.ts';
import { Retriever } from '../../src/core/retrieval/retriever.ts';
import { VectorIndex } from '../../src/core/retrieval/vector-index.ts';
import { measureImport } from './import-rate.ts';
import { SyntheticVectors } from './synthetic-vectors.ts';

/*
 * Search and import at scale, with fixed seeds. Prints the tables of docs/benchmarks-retrieval.md.
 *
 *     npm run benchmark:retrieval -- [--sizes 1000,10000,100000,1000000] [--references 240] [--photos FOLDER] [--retriever FOLDER]
 *
 * Searches go through the product's index on a real library; its vectors are synthetic, in a hundred galleries
 * of one size. Imported are pictures cut from the samples, or the photos of a folder. `quantised` is what the index does
 * from the size on that its `QUANTISED_FROM` names. `--retriever` names the folder of another retriever's bundle.
 */

const GALLERIES = 100;
const QUERIES = 60;
const COUNT = 10;
const ROWS_AT_ONCE = 5000;
const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000,1000000' },
    references: { type: 'string', default: '240' },
    photos: { type: 'string' },
    retriever: { type: 'string' },
  },
});

const shelf = await ModelShelf.read([path.join(RESOURCES, 'models')]);
const bundle =
  values.retriever === undefined
    ? shelf.choose('retriever', undefined)
    : await readRetriever(values.retriever);
const { dimension } = bundle.manifest.embedding;
const retriever = await Retriever.load(bundle, chooseDevice());
const folder = await mkdtemp(path.join(tmpdir(), 'rasr-benchmark-'));
try {
  console.log(`${bundle.manifest.id} ${bundle.manifest.version}, ${dimension} dimensions\n`);
  if (values.sizes !== '') await measureSearch();
  const references = Number(values.references);
  if (references > 0) await measureImport(retriever, references, folder, values.photos);
} finally {
  await retriever.release();
  await rm(folder, { recursive: true, force: true });
}

async function readRetriever(bundleFolder: string): Promise<RetrieverBundle> {
  const read = await readBundle(path.resolve(bundleFolder));
  if (!isKind(read, 'retriever')) throw new Error(`${bundleFolder} holds no retriever`);
  return read;
}

async function measureSearch(): Promise<void> {
  const library = new Library(path.join(folder, 'scale'));
  const vectors = new SyntheticVectors(dimension, 1);
  const centres = Array.from({ length: GALLERIES }, () => vectors.centre());
  vectors.restart(2);
  const queries = centres.slice(0, QUERIES).map((centre) => vectors.near(centre));
  vectors.restart(3);
  console.log(
    'references | one gallery: p50 / p95 / CPU ms | all, exact | all, quantised | CPU of exact | recall@10 | new ones looked for, first / later CPU ms | codes read, CPU ms | MB',
  );
  let held = 0;
  for (const size of values.sizes.split(',').map(Number)) {
    fill(library, vectors, centres, held, size);
    held = size;
    // A fresh index each time, as a process has that starts on such a library.
    const index = new VectorIndex(library, retriever);
    const first = await cpu(() => index.complete());
    const later = await cpu(() => index.complete());
    const codesRead = await cpu(() => index.nearestQuantised(queries[0]!, COUNT, null));
    const one = await timeEach(queries, (query, i) => index.nearestExact(query, COUNT, i + 1));
    const exact = await timeEach(queries, (query) => index.nearestExact(query, COUNT, null));
    const quantised = await timeEach(queries, (query) => index.nearestQuantised(query, COUNT, null));
    const wanted = exact.results.map((found) => new Set(found.map(({ referenceId }) => referenceId)));
    const shares = quantised.results.map(
      (found, i) => found.filter(({ referenceId }) => wanted[i]!.has(referenceId)).length / COUNT,
    );
    const { size: bytes } = await stat(library.paths.database);
    console.log(
      [
        size.toLocaleString('en'),
        one.text,
        exact.text,
        quantised.text,
        (quantised.cpu / exact.cpu).toFixed(2),
        (shares.reduce((sum, share) => sum + share, 0) / QUERIES).toFixed(3),
        `${first.toFixed(1)} / ${later.toFixed(1)}`,
        codesRead.toFixed(0),
        (bytes / 1e6).toFixed(0),
      ].join(' | '),
    );
  }
  library.close();
}

/** Adds references with their vectors until there are `to` of them, as many to every gallery. */
function fill(
  { database }: Library,
  vectors: SyntheticVectors,
  centres: readonly Float32Array[],
  from: number,
  to: number,
): void {
  const table = vectorTable(database, bundle.hash, dimension);
  const insert = {
    gallery: database.prepare("INSERT OR IGNORE INTO gallery (id, name, created_at) VALUES (?, ?, '')"),
    image: database.prepare("INSERT INTO image (sha256, width, height, created_at) VALUES (?, 1, 1, '')"),
    reference: database.prepare(
      "INSERT INTO reference (id, gallery_id, sha256, name, created_at) VALUES (?, ?, ?, '', '')",
    ),
    vector: database.prepare(
      `INSERT INTO ${table.name} (reference_id, gallery_id, embedding) VALUES (?, ?, ?)`,
    ),
    code: database.prepare(`INSERT INTO ${table.codes} (reference_id, gallery_id, code) VALUES (?, ?, ?)`),
  };
  const perGallery = (to - from) / centres.length;
  const add = (n: number) => {
    const [id, gallery] = [from + n + 1, Math.floor(n / perGallery) + 1];
    const sha256 = createHash('sha256').update(String(id)).digest('hex');
    const vector = vectors.near(centres[gallery - 1]!);
    if (n % perGallery === 0) insert.gallery.run(gallery, `gallery ${gallery}`);
    insert.image.run(sha256);
    insert.reference.run(id, gallery, sha256);
    insert.vector.run(BigInt(id), BigInt(gallery), Buffer.from(vector.buffer));
    insert.code.run(id, gallery, signCode(vector));
  };
  const addMany = database.transaction((start: number, end: number) => {
    for (let n = start; n < end; n++) add(n);
  });
  for (let n = 0; n < to - from; n += ROWS_AT_ONCE) addMany(n, Math.min(n + ROWS_AT_ONCE, to - from));
  database.pragma('wal_checkpoint(TRUNCATE)');
}

async function time(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Milliseconds of this thread, which other work on the machine does not change. */
async function cpu(work: () => unknown): Promise<number> {
  const begun = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1000;
}

async function timeEach<Result>(
  queries: readonly Float32Array[],
  search: (query: Float32Array, i: number) => Result,
): Promise<{ results: Result[]; cpu: number; text: string }> {
  const results: Result[] = [];
  const times: number[] = [];
  const begun = process.threadCpuUsage();
  for (const [i, query] of queries.entries()) {
    times.push(
      await time(() => {
        results.push(search(query, i));
      }),
    );
  }
  const { user, system } = process.threadCpuUsage(begun);
  const mean = (user + system) / 1000 / queries.length;
  times.sort((a, b) => a - b);
  const [p50, p95] = [0.5, 0.95].map((p) => times[Math.floor(p * (times.length - 1))]!.toFixed(1));
  return { results, cpu: mean, text: `${p50} / ${p95} / ${mean.toFixed(1)}` };
}
