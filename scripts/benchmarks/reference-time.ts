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
 * those to the restoration without a reference in the same turn.
 */

const REFERENCE = { width: 2048, height: 1536 };
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

const folder = await mkdtemp(path.join(tmpdir(), 'rasr-benchmark-'));
const engine = await Engine.open({
  library: path.join(folder, 'library'),
  resources: RESOURCES,
  tool: 'benchmark',
});
try {
  console.log(
    'output | restoration | path | seconds | ratio | CPU seconds per output megapixel | ratio of CPU',
  );
  for (const width of values.widths.split(',').map(Number)) await measure(width);
} finally {
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
  const none: ReferenceChoice = { kind: 'none' };
  const rows = [
    { name: 'without a reference', photo: filling, choice: () => none },
    { name: 'another thing, features made', photo: filling, choice: (turn: number) => file(others[turn]!) },
    { name: 'another thing, features known', photo: filling, choice: (turn: number) => file(others[turn]!) },
    { name: 'the very same, filling the photo', photo: filling, choice: () => file(reference) },
    { name: 'the very same, on a wall', photo: hung, choice: () => file(reference) },
  ];
  const taken = rows.map(() => [] as Taken[]);
  const paths = rows.map(() => '');
  // The first turn loads models and OpenCV, and is not counted.
  for (let turn = 0; turn <= turns; turn++) {
    for (const [row, { photo, choice }] of rows.entries()) {
      const { spent, sameObject } = await restore(photo, choice(turn));
      paths[row] = sameObject;
      if (turn > 0) taken[row]!.push(spent);
    }
  }
  const megapixels = (16 * width * height) / 1e6;
  for (const [row, { name }] of rows.entries()) {
    const ratio = (of: keyof Taken) => median(taken[row]!.map((one, turn) => one[of] / taken[0]![turn]![of]));
    console.log(
      [
        `${4 * width} × ${4 * height}`,
        name,
        paths[row],
        median(taken[row]!.map(({ wall }) => wall)).toFixed(2),
        ratio('wall').toFixed(2),
        (median(taken[row]!.map(({ cpu }) => cpu)) / megapixels).toFixed(2),
        ratio('cpu').toFixed(2),
      ].join(' | '),
    );
  }
  console.log(
    `${4 * width} × ${4 * height} | alignment alone | | ${(await align(filling, reference)).toFixed(2)}`,
  );
}

function file(reference: string): ReferenceChoice {
  return { kind: 'file', file: reference };
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

async function restore(photo: string, references: ReferenceChoice) {
  let sameObject = '';
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

/** Seconds one reference takes to be found to lie on the photo, both read from their files. */
async function align(photo: string, reference: string): Promise<number> {
  const aligner = new Aligner();
  let looked = 0;
  const once = async () => {
    const seen = await readGrey(photo, 1280);
    // Another name each time: nothing is known of it.
    await aligner.align(seen, [{ key: `${++looked}`, read: () => readGrey(reference, 1280) }]);
  };
  await once();
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn++) times.push((await take(once)).wall);
  await aligner.release();
  return median(times);
}

async function take(task: () => Promise<void>): Promise<Taken> {
  const [begun, before] = [performance.now(), process.cpuUsage()];
  await task();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}
