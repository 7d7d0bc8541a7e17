import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { APP_ROOT, RESOURCES } from '../../src/core/app-info.ts';
import type { Engine } from '../../src/core/engine.ts';
import { claimIndexing } from '../../src/core/library/owner.ts';
import type { SwitchState } from '../../src/core/retrieval/retriever-switch.ts';
import { countUnindexed } from '../../src/core/retrieval/vector-index.ts';
import { copyBundle, embeddedBundle } from '../support/bundles.ts';
import { rasr } from '../support/cli.ts';
import { openEngine } from '../support/engine.ts';
import { cloth, writePicture } from '../support/pictures.ts';
import { expectRefusal } from '../support/refusal.ts';
import { sharedFolder, temporaryFolder } from '../support/temporary.ts';

// Changing the retriever on real libraries: in the background, across crashes, in two processes.

const COUNT = 50;
const OTHER = 'other-retriever';
const pictures = await sharedFolder();
const pictureFile = (seed: number) => path.join(pictures, `${seed}.png`);
const embedded = await embeddedBundle('retriever');
const EMBEDDED = embedded.manifest.id;

beforeAll(async () => {
  for (let seed = 0; seed < COUNT + 10; seed++)
    await writePicture(pictureFile(seed), 128, 128 + seed, cloth(seed));
});

let folder: string;
beforeEach(async () => {
  folder = path.join(await temporaryFolder(), 'library');
  await copyBundle(embedded, path.join(folder, 'models', OTHER), (manifest) => {
    manifest.id = OTHER;
    // Sees grey for colour, so that its similarities differ.
    manifest.preprocessing.std = [1, 1, 1];
  });
});

async function open(): Promise<Engine> {
  const engine = await openEngine(folder);
  onTestFinished(() => engine.close().catch(() => {}));
  return engine;
}

async function importTo(engine: Engine, from: number, to: number): Promise<void> {
  const items = Array.from({ length: to - from }, (_, i) => ({
    file: pictureFile(from + i),
    gallery: (from + i) % 2 === 0 ? 'even' : 'odd',
  }));
  for await (const { kind } of engine.importReferences(items)) expect(kind).toBe('added');
}

/** A library with all references indexed for the embedded retriever. */
async function filled(): Promise<Engine> {
  const engine = await open();
  await importTo(engine, 0, COUNT);
  return engine;
}

const find = (engine: Engine, seed: number, count = 3) =>
  engine.search(pictureFile(seed), { galleryId: null, count });

const unindexed = (engine: Engine, id: string) =>
  countUnindexed(engine.library, engine.models.byId(id) as typeof embedded);

async function changeTo(engine: Engine, id: string): Promise<void> {
  engine.retrieverSwitch.begin(id);
  await engine.retrieverSwitch.settled();
  expect(engine.activeRetriever().manifest.id).toBe(id);
}

/** All states until nothing is left to do. */
async function statesOf(engine: Engine): Promise<SwitchState[]> {
  const states: SwitchState[] = [];
  engine.retrieverSwitch.events.on('change', (state) => states.push(state));
  await engine.retrieverSwitch.settled();
  return states;
}

/** Resolves with the first state of indexing that is neither begun nor done. */
function midway(engine: Engine): Promise<void> {
  return new Promise((resolve) => {
    engine.retrieverSwitch.events.on('change', (state) => {
      if (state.kind === 'indexing' && state.done > 0 && state.done < state.total) resolve();
    });
  });
}

describe('changing the retriever', () => {
  it('goes on in the background, tells how far it is, and changes over at the end', async () => {
    const engine = await filled();
    const before = await find(engine, 7);
    engine.useModel(OTHER);
    expect(engine.activeRetriever().manifest.id).toBe(EMBEDDED);
    const states = await statesOf(engine);
    const done = states.flatMap((state) => (state.kind === 'indexing' ? [state.done] : []));
    expect(done.length).toBeGreaterThan(2);
    expect(done.toSorted((a, b) => a - b)).toEqual(done);
    expect(states.at(-2)).toMatchObject({ to: OTHER, done: COUNT, total: COUNT });
    expect(states.at(-1)).toEqual({ kind: 'idle' });
    expect(engine.activeRetriever().manifest.id).toBe(OTHER);
    expect([unindexed(engine, OTHER), engine.retrieverSwitch.next]).toEqual([0, undefined]);
    const after = await find(engine, 7);
    expect(after[0]!.reference.name).toBe('7.png');
    expect(after[0]!.similarity).not.toBeCloseTo(before[1]!.similarity, 3);
  });

  it('serves searches from the old index until the new one is complete', async () => {
    const engine = await filled();
    const before = await find(engine, 7);
    const reached = midway(engine);
    engine.useModel(OTHER);
    await reached;
    expect(engine.retrieverSwitch.state.kind).toBe('indexing');
    expect(await find(engine, 7)).toEqual(before);
    expect(engine.activeRetriever().manifest.id).toBe(EMBEDDED);
    await engine.retrieverSwitch.settled();
    expect((await find(engine, 7))[1]!.similarity).not.toBe(before[1]!.similarity);
  });

  it('takes what is imported meanwhile into both indexes', async () => {
    const engine = await filled();
    const reached = midway(engine);
    engine.useModel(OTHER);
    await reached;
    await importTo(engine, COUNT, COUNT + 10);
    await engine.retrieverSwitch.settled();
    expect(engine.activeRetriever().manifest.id).toBe(OTHER);
    expect([unindexed(engine, EMBEDDED), unindexed(engine, OTHER)]).toEqual([0, 0]);
    expect(await find(engine, COUNT + 3, 100)).toHaveLength(COUNT + 10);
  });

  it('back and forth embeds nothing anew', async () => {
    const engine = await filled();
    const before = await find(engine, 3);
    engine.useModel(OTHER);
    await engine.retrieverSwitch.settled();
    const rows = engine.library.database
      .prepare(`SELECT max(seq) FROM code_${engine.activeRetriever().hash}`)
      .pluck();
    const written = rows.get();
    await changeTo(engine, EMBEDDED);
    await changeTo(engine, OTHER);
    await changeTo(engine, EMBEDDED);
    expect(rows.get()).toBe(written);
    expect(await find(engine, 3)).toEqual(before);
  });

  it('is taken back by choosing the one that serves, and taken up where it was', async () => {
    const engine = await filled();
    const reached = midway(engine);
    engine.useModel(OTHER);
    await reached;
    engine.useModel(EMBEDDED);
    await engine.retrieverSwitch.settled();
    expect([engine.activeRetriever().manifest.id, engine.retrieverSwitch.next]).toEqual([
      EMBEDDED,
      undefined,
    ]);
    const left = unindexed(engine, OTHER);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(COUNT);
    engine.useModel(OTHER);
    const [first] = (await statesOf(engine)).filter(({ kind }) => kind === 'indexing');
    expect(first).toMatchObject({ done: COUNT - left });
    expect(engine.activeRetriever().manifest.id).toBe(OTHER);
  });
});

describe('a process that ends midway', () => {
  it('by SIGKILL loses nothing that was stored: the next start goes on and changes over', async () => {
    const first = await filled();
    await first.close();
    const left = await killMidway();
    const engine = await open();
    expect([engine.activeRetriever().manifest.id, engine.retrieverSwitch.next]).toEqual([EMBEDDED, OTHER]);
    expect(unindexed(engine, OTHER)).toBeLessThanOrEqual(left);
    expect(unindexed(engine, OTHER)).toBeGreaterThan(0);
    expect((await find(engine, 7))[0]!.reference.name).toBe('7.png');
    const before = COUNT - unindexed(engine, OTHER);
    engine.resume();
    const [begun] = (await statesOf(engine)).filter(({ kind }) => kind === 'indexing');
    expect(begun).toMatchObject({ done: before });
    expect([engine.activeRetriever().manifest.id, unindexed(engine, OTHER)]).toEqual([OTHER, 0]);
  });

  it('in good order is gone on with at the next start', async () => {
    const first = await filled();
    const reached = midway(first);
    first.useModel(OTHER);
    await reached;
    await first.close();
    const engine = await open();
    expect(engine.retrieverSwitch.next).toBe(OTHER);
    engine.resume();
    await engine.retrieverSwitch.settled();
    expect(engine.activeRetriever().manifest.id).toBe(OTHER);
  });

  it('time and again before anything is indexed gives the model up', async () => {
    const engine = await filled();
    engine.library.setSetting('retrieverNext', OTHER);
    engine.library.setSetting('retrieverNextAttempts', '3');
    engine.resume();
    await expectRefusal(engine.retrieverSwitch.settled(), 'ENGINE_STOPPED', OTHER);
    expect(engine.activeRetriever().manifest.id).toBe(EMBEDDED);
    await changeTo(engine, OTHER);
  });

  /** A process that begins the change and is killed midway; returns how many references it had left. */
  async function killMidway(): Promise<number> {
    const url = (file: string) => JSON.stringify(`file://${path.join(APP_ROOT, 'src', 'core', file)}`);
    const program = `
      const { Engine } = await import(${url('engine.ts')});
      const [library, resources, id] = process.argv.slice(2);
      const engine = await Engine.open({ library, resources, tool: 'RASR test' });
      engine.retrieverSwitch.events.on('change', ({ kind, done, total }) => {
        if (kind === 'indexing' && done > 0 && done < total) {
          process.stdout.write(String(total - done));
          process.kill(process.pid, 'SIGKILL');
        }
      });
      engine.useModel(id);`;
    const script = path.join(await temporaryFolder(), 'begin.mjs');
    await writeFile(script, program);
    const child = spawn(process.execPath, [script, folder, RESOURCES, OTHER], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
    const [, signal] = await once(child, 'close');
    expect(signal).toBe('SIGKILL');
    return Number(said);
  }
});

describe('two processes', () => {
  it('never index at once: the second tells how far the first is, and goes on where that one ends', async () => {
    const engine = await filled();
    const elsewhere = claimIndexing(engine.library.paths)!;
    engine.useModel(OTHER);
    await once(engine.retrieverSwitch.events, 'change');
    expect(engine.retrieverSwitch.state).toEqual({ kind: 'indexing', to: OTHER, done: 0, total: COUNT });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(unindexed(engine, OTHER)).toBe(COUNT);
    elsewhere.release();
    await engine.retrieverSwitch.settled();
    expect(engine.activeRetriever().manifest.id).toBe(OTHER);
  });

  it('search with the retriever the other one changed to', async () => {
    const [one, two] = [await filled(), await open()];
    await find(two, 7);
    await changeTo(one, OTHER);
    expect(await find(two, 7)).toEqual(await find(one, 7));
  });
});

describe('rasr models use', () => {
  const LIBRARY = () => ['--library', folder];

  it('returns once all references are indexed for it', async () => {
    const engine = await filled();
    await engine.close();
    expect(await rasr([...LIBRARY(), 'models', 'use', OTHER])).toMatchObject({
      code: 0,
      stdout: `The retriever is now ${OTHER}.\n`,
      stderr: '',
    });
    const again = await open();
    expect([again.activeRetriever().manifest.id, unindexed(again, OTHER)]).toEqual([OTHER, 0]);
  });

  it('says why a damaged model is not used, and what goes on in its place', async () => {
    const engine = await filled();
    await engine.close();
    await truncate(path.join(folder, 'models', OTHER, 'retriever.onnx'), 1000);
    const { code, stderr } = await rasr([...LIBRARY(), 'models', 'use', OTHER]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^rasr: Model other-retriever: retriever\.onnx has 1000 bytes/);
    expect((await rasr([...LIBRARY(), 'doctor'])).stdout).toMatch(/^retriever +retriever-small$/m);
  });

  it('tells in "doctor" of a change that is not done', async () => {
    const engine = await filled();
    engine.library.setSetting('retrieverNext', OTHER);
    await engine.close();
    const { stdout } = await rasr([...LIBRARY(), 'doctor']);
    expect(stdout).toContain(`${EMBEDDED}, to become ${OTHER}`);
  });
});

describe('a model that cannot be used', () => {
  it.each([
    ['is damaged', (file: string) => truncate(file, 1000)],
    ['is gone', (file: string) => rm(file)],
  ])('because it %s leaves the old one at work and says so', async (_, harm) => {
    const engine = await filled();
    const before = await find(engine, 7);
    await harm(path.join(folder, 'models', OTHER, 'retriever.onnx'));
    engine.useModel(OTHER);
    await expectRefusal(engine.retrieverSwitch.settled(), 'BUNDLE_CORRUPT', OTHER);
    expect(engine.retrieverSwitch.state).toMatchObject({ kind: 'failed', to: OTHER });
    expect([engine.activeRetriever().manifest.id, engine.retrieverSwitch.next]).toEqual([
      EMBEDDED,
      undefined,
    ]);
    expect(await find(engine, 7)).toEqual(before);
  });

  it('because it vanishes midway is not changed to', async () => {
    const engine = await filled();
    const reached = midway(engine);
    engine.useModel(OTHER);
    await reached;
    await rm(path.join(folder, 'models', OTHER), { recursive: true });
    await expectRefusal(engine.retrieverSwitch.settled(), 'BUNDLE_CORRUPT', OTHER);
    expect(engine.activeRetriever().manifest.id).toBe(EMBEDDED);
  });

  it('because it was removed between two starts is told at the second', async () => {
    const first = await filled();
    first.library.setSetting('retrieverNext', OTHER);
    await first.close();
    await rm(path.join(folder, 'models', OTHER), { recursive: true });
    const engine = await open();
    engine.resume();
    await expectRefusal(engine.retrieverSwitch.settled(), 'BUNDLE_MISSING', OTHER);
    expect((await find(engine, 7))[0]!.reference.name).toBe('7.png');
  });
});
