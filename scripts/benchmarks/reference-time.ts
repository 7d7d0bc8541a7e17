import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Aligner } from '../../src/core/alignment/aligner.ts';
import type { Homography } from '../../src/core/alignment/homography.ts';
import { RESOURCES } from '../../src/core/app-info.ts';
import { Engine } from '../../src/core/engine.ts';
import { readGrey } from '../../src/core/photo/pixels.ts';
import type { ReferenceChoice } from '../../src/core/restoration/references.ts';
import { noisy, view, work, writeImage } from '../../test/support/scene.ts';

/*
 * What references cost: restorations without one, with one of another thing (its features not yet known, and
 * known), and with one of the very same thing. Prints the table of docs/benchmarks-reference-time.md.
 *
 *     npm run benchmark:reference-time -- [--widths 256,512,1024] [--turns 5]
 *
 * By turns in one process, so that other work on the machine is met by all of them: figures are medians, ratios
 * those to the restoration without a reference in the same turn. Aligning, which costs the same whatever the output's
 * size, is measured by itself as well, in the same turn, and the ratio given with and without it.
 */

const REFERENCE = { width: 2048, height: 1536 };
/** As the product looks for references. */
const SEARCHED_SIDE = 1280;
const { values } = parseArgs({
  options: {
    widths: { type: 'string', default: '256,512,1024' },
    turns: { type: 'string', default: '5' },
  },
});
const turns = Number(values.turns);

/** What a piece of work took, in seconds. */
interface Taken {
  readonly wall: number;
  /** Of all threads: what other work on the machine does not change. */
  readonly cpu: number;
}

/** A restoration, and the part of its time that went into finding out how its reference lies on the photo. */
interface Restored extends Taken {
  readonly aligning: number;
}

const folder = await mkdtemp(path.join(tmpdir(), 'rasr-benchmark-'));
const engine = await Engine.open({
  library: path.join(folder, 'library'),
  resources: RESOURCES,
  tool: 'benchmark',
});
const aligner = new Aligner();
try {
  console.log(
    'output | restoration | path | seconds | ratio | of it aligning | ratio of the rest | CPU seconds per output megapixel | ratio of CPU',
  );
  for (const width of values.widths.split(',').map(Number)) await measure(width);
} finally {
  await aligner.release();
  await engine.close();
  await rm(folder, { recursive: true, force: true });
}

async function measure(width: number): Promise<void> {
  const height = (width * 3) / 4;
  const shown = await work(1, REFERENCE.width, REFERENCE.height);
  const at = (name: string) => path.join(folder, `${width}-${name}.png`);
  const reference = await writeImage(at('work'), shown);
  const filling = await writeImage(at('filling'), noisy(view(shown, filled(width), width, height), 12));
  const hung = await writeImage(at('hung'), noisy(view(shown, onWall(width), width, height), 12));
  const others = await Promise.all(
    Array.from({ length: turns + 1 }, async (_, seed) =>
      writeImage(at(`other-${seed}`), await work(2 + seed, REFERENCE.width, REFERENCE.height)),
    ),
  );
  const other = (turn: number) => others[turn]!;
  const rows: Row[] = [
    { name: 'without a reference', photo: filling, reference: () => null },
    { name: 'another thing, features made', photo: filling, reference: other },
    { name: 'another thing, features known', photo: filling, reference: other },
    { name: 'the very same, filling the photo', photo: filling, reference: () => reference },
    { name: 'the very same, on a wall', photo: hung, reference: () => reference },
  ];
  const taken = rows.map(() => [] as Restored[]);
  const paths = rows.map(() => '');
  // The first turn loads models and OpenCV, and is not counted.
  for (let turn = 0; turn <= turns; turn++) {
    for (const [row, { photo, reference }] of rows.entries()) {
      const shown = reference(turn);
      const { spent, sameObject } = await restore(photo, shown);
      paths[row] = sameObject;
      if (turn > 0) taken[row]!.push({ ...spent, aligning: shown === null ? 0 : await align(photo, shown) });
    }
  }
  const megapixels = (16 * width * height) / 1e6;
  for (const [row, { name }] of rows.entries()) {
    const median = (of: (one: Restored, turn: number) => number) => middle(taken[row]!.map(of));
    const ratio = (of: (one: Restored) => number) =>
      median((one, turn) => of(one) / of(taken[0]![turn]!)).toFixed(2);
    console.log(
      [
        `${4 * width} × ${4 * height}`,
        name,
        paths[row],
        median(({ wall }) => wall).toFixed(2),
        ratio(({ wall }) => wall),
        median(({ aligning }) => aligning).toFixed(2),
        ratio(({ wall, aligning }) => wall - aligning),
        (median(({ cpu }) => cpu) / megapixels).toFixed(2),
        ratio(({ cpu }) => cpu),
      ].join(' | '),
    );
  }
}

interface Row {
  readonly name: string;
  readonly photo: string;
  /** File of the reference in one turn, or null for none. */
  readonly reference: (turn: number) => string | null;
}

/** From pixels of the photo to pixels of the work: a hand-held view that shows nothing else. */
function filled(width: number): Homography {
  const scale = (0.9 * REFERENCE.width) / width;
  return [scale, 0.02 * scale, 60, -0.015 * scale, scale, 70, 4e-5, 3e-5, 1];
}

/** As {@link filled}, from further away. */
function onWall(width: number): Homography {
  const scale = (1.4 * REFERENCE.width) / width;
  return [
    scale,
    0.02 * scale,
    -0.2 * REFERENCE.width,
    -0.015 * scale,
    scale,
    -0.2 * REFERENCE.height,
    0,
    0,
    1,
  ];
}

async function restore(photo: string, reference: string | null) {
  let sameObject = '';
  const references: ReferenceChoice =
    reference === null ? { kind: 'none' } : { kind: 'file', file: reference };
  const spent = await take(async () => {
    const { record } = await engine.restore({
      photo,
      scale: 4,
      references,
      referenceStrength: 1,
      outputFolder: path.join(folder, 'out'),
      nameTemplate: '{name}',
      format: 'jpeg',
      ifExists: 'replace',
    });
    sameObject =
      record.sameObject === null ? 'general' : `same object, ${record.sameObject.used} of the output`;
  });
  return { spent, sameObject };
}

/**
 * Seconds it takes to find out how a reference lies on a photo: as in the restoration, its features being known from the
 * second time on.
 */
async function align(photo: string, reference: string): Promise<number> {
  const seen = await readGrey(photo, SEARCHED_SIDE);
  const shown = { key: reference, read: () => readGrey(reference, SEARCHED_SIDE) };
  return (await take(async () => void (await aligner.align(seen, [shown])))).wall;
}

async function take(task: () => Promise<void>): Promise<Taken> {
  const [begun, before] = [performance.now(), process.cpuUsage()];
  await task();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 };
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}
