import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { RESOURCES } from '../../src/core/app-info.ts';
import { findFiles } from '../../src/core/files/walk.ts';
import { isKind } from '../../src/core/models/bundle.ts';
import { chooseDevice } from '../../src/core/models/device.ts';
import { ModelShelf } from '../../src/core/models/model-shelf.ts';
import { hasImageExtension } from '../../src/core/photo/formats.ts';
import { bundleScale, type CalibrationSamples, calibrate } from '../../src/core/retrieval/calibration.ts';
import { poorShot } from '../../src/core/retrieval/poor-shot.ts';
import { Retriever } from '../../src/core/retrieval/retriever.ts';
import { randomNumbers } from './random.ts';

/*
 * How well a threshold calibrated on some galleries does on photos and on galleries it has not seen.
 *
 *     npm run benchmark:calibration -- FOLDER… [--models FOLDER] [--retriever ID]
 *
 * The folder an image lies in names its gallery. In each of the folds half of them are the library, which
 * calibrates; the other half are strangers. Poor photos for testing have other seeds than those for
 * calibrating, and of every gallery with two references or more one is held out to be looked for.
 */

const FOLDS = 20;
/** By how much a bundle's threshold is made wrong, to see whether the galleries set it right. */
const OFF = 0.1;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    models: { type: 'string', default: path.join(RESOURCES, 'models') },
    retriever: { type: 'string', default: 'retriever-small' },
  },
});

interface Reference {
  readonly gallery: string;
  readonly vector: Float32Array;
  /** Embeddings of the picture itself as a query, of a poor photo to calibrate with, and of one to test with. */
  readonly queries: Readonly<Record<'clean' | 'calibrate' | 'test', Float32Array[]>>;
}

const bundle = (await ModelShelf.read([values.models])).byId(values.retriever);
if (!isKind(bundle, 'retriever')) throw new Error(`${values.retriever} is no retriever`);
const calibration = bundle.manifest.calibration;
const references = await embedAll(await Retriever.load(bundle, chooseDevice()));
const galleries = [...new Set(references.map(({ gallery }) => gallery))].sort();
console.log(`${references.length} references in ${galleries.length} galleries, ${FOLDS} folds\n`);

type Choose = (library: Reference[]) => { readonly threshold: number } | null;
const variants: [string, Choose][] = [0, -OFF, OFF].flatMap((off): [string, Choose][] => {
  const bundle = { ...calibration, threshold: calibration.threshold + off };
  const name = off === 0 ? "bundle's" : `bundle's ${off > 0 ? '+' : '−'} ${Math.abs(off)}`;
  return [
    [name, () => bundleScale(bundle)],
    [`${name}, corrected by clean pictures`, (library) => calibrate(samples(library, 'clean'), bundle)],
    [`${name}, corrected by poor photos`, (library) => calibrate(samples(library, 'calibrate'), bundle)],
  ];
});
variants.push(['from poor photos alone', (library) => unguarded(samples(library, 'calibrate'))]);
console.log(
  'threshold | mean | lowest | highest | own thing accepted | its kind accepted | strangers accepted',
);
for (const [name, scaleFor] of variants) {
  const random = randomNumbers(1);
  const thresholds: number[] = [];
  const seen = { own: [] as number[], kind: [] as number[], strangers: [] as number[] };
  for (let fold = 0; fold < FOLDS; fold++) {
    const { library, heldOut, strangers } = split(random);
    const { threshold } = scaleFor(library) ?? bundleScale(calibration);
    thresholds.push(threshold);
    const accepts = (queries: readonly Float32Array[], among: readonly Reference[]) =>
      Number(best(queries, among) >= threshold);
    for (const each of library) seen.own.push(accepts(each.queries.test, [each]));
    for (const each of heldOut) {
      seen.kind.push(
        accepts(
          each.queries.test,
          library.filter(({ gallery }) => gallery === each.gallery),
        ),
      );
    }
    for (const each of strangers) seen.strangers.push(accepts(each.queries.test, library));
  }
  const figures = [mean(thresholds), Math.min(...thresholds), Math.max(...thresholds)].map((x) =>
    x.toFixed(3),
  );
  const shares = Object.values(seen).map((accepted) => `${(100 * mean(accepted)).toFixed(1)} %`);
  console.log([name, ...figures, ...shares].join(' | '));
}

async function embedAll(retriever: Retriever): Promise<Reference[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rasr-calibration-'));
  const shot = path.join(folder, 'shot.jpg');
  const poor = async (file: string, seed: number) => {
    await writeFile(shot, await poorShot(file, seed));
    return retriever.embedQuery(shot);
  };
  try {
    const files = (await Promise.all(positionals.map((entry) => findFiles(entry, hasImageExtension)))).flat();
    const embedded: Reference[] = [];
    for (const [i, file] of files.entries()) {
      const [vector] = await retriever.embed([file.path]);
      const queries = {
        clean: await retriever.embedQuery(file.path),
        calibrate: await poor(file.path, i),
        test: await poor(file.path, files.length + i),
      };
      embedded.push({ gallery: path.basename(path.dirname(file.path)), vector: vector!, queries });
    }
    return embedded;
  } finally {
    await retriever.release();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Half of the galleries, with one reference of each held out where there are several, and the strangers. */
function split(random: () => number) {
  const shuffled = galleries
    .map((gallery) => ({ gallery, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ gallery }) => gallery);
  const inLibrary = new Set(shuffled.slice(0, Math.ceil(shuffled.length / 2)));
  const known = references.filter(({ gallery }) => inLibrary.has(gallery));
  const heldOut = [...inLibrary].flatMap((gallery) => {
    const own = known.filter((each) => each.gallery === gallery);
    return own.length > 1 ? [own[Math.floor(random() * own.length)]!] : [];
  });
  return {
    library: known.filter((each) => !heldOut.includes(each)),
    heldOut,
    strangers: references.filter(({ gallery }) => !inLibrary.has(gallery)),
  };
}

function samples(library: readonly Reference[], by: 'clean' | 'calibrate'): CalibrationSamples {
  const found = { own: [] as number[], sameGallery: [] as number[], otherGalleries: [] as number[] };
  for (const each of library) {
    const others = library.filter((other) => other !== each && other.gallery === each.gallery);
    found.own.push(best(each.queries[by], [each]));
    if (others.length > 0) found.sameGallery.push(best(each.queries[by], others));
    const elsewhere = library.filter(({ gallery }) => gallery !== each.gallery);
    found.otherGalleries.push(best(each.queries[by], elsewhere));
  }
  return found;
}

/** What the samples alone would choose: strangers rejected as far as the galleries' own things are kept. */
function unguarded({ own, otherGalleries }: CalibrationSamples) {
  const at = (values: readonly number[], p: number) =>
    values.toSorted((a, b) => a - b)[Math.floor(p * (values.length - 1))]!;
  return { threshold: Math.min(at(otherGalleries, 0.95), at(own, 0.05)) };
}

function best(queries: readonly Float32Array[], among: readonly Reference[]): number {
  return Math.max(...queries.flatMap((query) => among.map(({ vector }) => dot(query, vector))));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
