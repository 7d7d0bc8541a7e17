import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Engine } from '../../src/core/engine.ts';
import type { BatchProgress } from '../../src/core/jobs/batch.ts';
import type { Job, JobSettings } from '../../src/core/jobs/job.ts';
import { MAX_OUTPUT_FOLDERS } from '../../src/core/jobs/output-folders.ts';
import { openEngine } from '../support/engine.ts';
import { cloth, writePicture } from '../support/pictures.ts';
import { expectRefusal } from '../support/refusal.ts';
import { filesBelow } from '../support/snapshot-of-files.ts';
import { temporaryFolder } from '../support/temporary.ts';

// The queue at work, on the real models and through restarts.

const SETTINGS: JobSettings = {
  gallery: 'none',
  scale: 2,
  referenceStrength: 1,
  format: 'keep',
  nameTemplate: '{name}-restored',
};
let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

/** A start of the app on the test's library. */
async function start(): Promise<Engine> {
  const engine = await openEngine(path.join(folder, 'library'));
  onTestFinished(() => engine.close().catch(() => {}));
  return engine;
}

async function handOver(engine: Engine, name: string, width = 40, height = 30): Promise<string> {
  const file = await writePicture(path.join(folder, 'in', name), width, height, cloth(1));
  return (await engine.jobs.photos.add(file)).id;
}

/** Resolves with the job once it is in that state. */
function reaches(engine: Engine, id: string, state: Job['state']): Promise<Job> {
  return new Promise((resolve) => {
    const check = () => {
      const job = engine.jobs.list().find((candidate) => candidate.id === id);
      if (job?.state !== state) return;
      engine.jobs.events.off('change', check);
      resolve(job);
    };
    engine.jobs.events.on('change', check);
    check();
  });
}

/** Resolves with the first tile of that job. */
function isAtWork(engine: Engine, id: string): Promise<void> {
  return new Promise((resolve) => {
    engine.jobs.events.on('change', (change) => {
      if (change.kind === 'progress' && change.id === id && change.progress.stage === 'generating') resolve();
    });
  });
}

describe('a batch', () => {
  it('goes on after a bad photo', async () => {
    const engine = await start();
    const ids = [
      await handOver(engine, '1.png'),
      await handOver(engine, '2.png'),
      await handOver(engine, '3.png'),
    ];
    await writeFile(path.join(folder, 'in', '2.png'), 'no longer a photo');
    const jobs = engine.jobs.start(ids, SETTINGS);
    const [first, second, third] = await Promise.all([
      reaches(engine, jobs[0]!.id, 'done'),
      reaches(engine, jobs[1]!.id, 'failed'),
      reaches(engine, jobs[2]!.id, 'done'),
    ]);
    expect(second.error).toMatchObject({ code: 'NOT_AN_IMAGE', message: expect.stringContaining('2.png') });
    for (const job of [first, third]) expect((await sharp(job.output!).metadata()).width).toBe(80);
  });

  it('can be cancelled at work and while waiting, and tried again', async () => {
    const engine = await start();
    const jobs = engine.jobs.start(
      [await handOver(engine, 'large.png', 400, 400), await handOver(engine, 'small.png')],
      SETTINGS,
    );
    const [large, small] = jobs.map(({ id }) => id) as [string, string];
    await isAtWork(engine, large);
    engine.jobs.cancel(small);
    await expectRefusal(engine.jobs.remove(large), 'JOB_NOT_READY');
    engine.jobs.cancel(large);
    await Promise.all([reaches(engine, large, 'cancelled'), reaches(engine, small, 'cancelled')]);
    const inputs = ['large.png', 'small.png'];
    expect(await filesBelow(path.join(folder, 'in'))).toEqual(inputs);
    engine.jobs.retry(small);
    const done = await reaches(engine, small, 'done');
    await engine.jobs.remove(small);
    expect(engine.jobs.list().map(({ id }) => id)).toEqual([large]);
    await expectRefusal(() => engine.jobs.get(small), 'JOB_MISSING');
    // What lies beside the photo is the user's.
    expect(path.basename(done.output!)).toBe('small-restored.png');
    expect(await filesBelow(path.join(folder, 'in'))).toEqual(
      [...inputs, 'small-restored.png', 'small-restored.png.rasr.json'].sort(),
    );
  });
});

/** Resolves with the first summary of the batch that satisfies. */
function batchReaches(engine: Engine, wanted: (batch: BatchProgress) => boolean): Promise<BatchProgress> {
  return new Promise((resolve) => {
    engine.jobs.events.on('change', function check(change) {
      if (change.kind !== 'batch' || !wanted(change.batch)) return;
      engine.jobs.events.off('change', check);
      resolve(change.batch);
    });
  });
}

const states = (engine: Engine) => engine.jobs.list().map(({ state }) => state);

describe('the whole queue', () => {
  it('finishes the photo at work when it is paused, stays paused over a restart, and goes on', async () => {
    const first = await start();
    first.jobs.resume();
    const ids = [
      await handOver(first, '1.png', 300, 300),
      await handOver(first, '2.png'),
      await handOver(first, '3.png'),
    ];
    const jobs = first.jobs.start(ids, SETTINGS);
    await isAtWork(first, jobs[0]!.id);
    first.jobs.pause();
    await reaches(first, jobs[0]!.id, 'done');
    await batchReaches(first, ({ paused, done }) => paused && done === 1);
    expect(states(first)).toEqual(['done', 'queued', 'queued']);
    await first.close();

    const second = await start();
    second.jobs.resume();
    const late = second.jobs.start([await handOver(second, 'late.png')], SETTINGS);
    // Were it not paused, the queue would have begun the next photo on resuming.
    expect(states(second)).toEqual(['done', 'queued', 'queued', 'queued']);
    expect(second.jobs.batch()).toMatchObject({ paused: true, total: 4, done: 1, waiting: 3 });
    second.jobs.unpause();
    await reaches(second, late[0]!.id, 'done');
    expect(states(second)).toEqual(['done', 'done', 'done', 'done']);
    expect(second.jobs.batch()).toMatchObject({ paused: false, done: 4, share: 1, secondsLeft: null });
  });

  it('is paused only while there is work', async () => {
    const engine = await start();
    engine.jobs.pause();
    expect(engine.jobs.batch().paused).toBe(false);
    const [job] = engine.jobs.start([await handOver(engine, 'a.png')], SETTINGS);
    engine.jobs.pause();
    engine.jobs.cancelAll();
    await reaches(engine, job!.id, 'cancelled');
    expect(engine.jobs.batch().paused).toBe(false);
  });

  it('tells progress and time left from the first tile on, also to a window that comes late', async () => {
    const engine = await start();
    const [large, small] = engine.jobs.start(
      [await handOver(engine, 'large.png', 400, 400), await handOver(engine, 'small.png')],
      SETTINGS,
    );
    expect(engine.jobs.progress()).toEqual({});
    expect(engine.jobs.batch().secondsLeft).toBeNull();
    const begun = await batchReaches(engine, ({ share }) => share > 0);
    expect(begun).toMatchObject({ total: 2, done: 0, running: 1, waiting: 1 });
    expect(begun.secondsLeft).toBeGreaterThan(0);
    expect(engine.jobs.progress()).toMatchObject({ [large!.id]: { stage: 'generating' } });
    // Summaries come a few times a second: the small one may be done by the next.
    const half = await batchReaches(engine, ({ done }) => done >= 1);
    // The small one is 0.7 % of the work.
    expect(half.share).toBeGreaterThan(0.98);
    await reaches(engine, small!.id, 'done');
    expect(engine.jobs.progress()).toEqual({});
  });

  it('cancels all, tries all failed again, and clears what is finished but for its files', async () => {
    const engine = await start();
    const names = ['1.png', '2.png', '3.png', '4.png'];
    const ids = [];
    for (const name of names) ids.push(await handOver(engine, name));
    const broken = path.join(folder, 'in', '2.png');
    const whole = await readFile(broken);
    await writeFile(broken, 'no longer a photo');
    const jobs = engine.jobs.start(ids, { ...SETTINGS, nameTemplate: '{name} x{scale}' });
    const [done] = await Promise.all([
      reaches(engine, jobs[0]!.id, 'done'),
      reaches(engine, jobs[1]!.id, 'failed'),
    ]);
    engine.jobs.cancelAll();
    await Promise.all([2, 3].map((i) => reaches(engine, jobs[i]!.id, 'cancelled')));

    await writeFile(broken, whole);
    engine.jobs.retryFailed();
    await reaches(engine, jobs[1]!.id, 'done');
    expect(states(engine)).toEqual(['done', 'done', 'cancelled', 'cancelled']);
    expect(path.basename(done.output!)).toBe('1 x2.png');

    // Display copies of results are made in the background, in their own time.
    const files = async () => (await filesBelow(folder)).filter((file) => !file.includes('previews'));
    const before = await files();
    expect(await engine.jobs.clearFinished()).toBe(4);
    expect(engine.jobs.list()).toEqual([]);
    expect(await files()).toEqual(before);
    expect(engine.jobs.batch()).toMatchObject({ total: 0, share: 0 });
  });

  it('refuses a name template that cannot be used before anything is queued', async () => {
    const engine = await start();
    const id = await handOver(engine, 'a.png');
    const settings = { ...SETTINGS, nameTemplate: '{nme}' };
    await expectRefusal(() => engine.jobs.start([id], settings), 'NAME_INVALID', '{nme}');
    expect(engine.jobs.list()).toEqual([]);
  });
});

describe('a restart', () => {
  it('in good order takes up the job at work and those that wait', async () => {
    const first = await start();
    first.jobs.resume();
    const jobs = first.jobs.start(
      [await handOver(first, 'large.png', 400, 400), await handOver(first, 'small.png')],
      SETTINGS,
    );
    const [large, small] = jobs.map(({ id }) => id) as [string, string];
    await isAtWork(first, large);
    await first.close();

    const second = await start();
    expect(second.jobs.list().map(({ state }) => state)).toEqual(['queued', 'queued']);
    second.jobs.resume();
    const [done] = await Promise.all([reaches(second, large, 'done'), reaches(second, small, 'done')]);
    expect((await sharp(done.output!).metadata()).width).toBe(800);
  });

  /** What a crash leaves of a job that is done: its row as it was while it ran. */
  async function crashed(engine: Engine, id: string): Promise<void> {
    engine.library.database
      .prepare("UPDATE job SET state = 'running', record = NULL, finished_at = NULL WHERE id = ?")
      .run(id);
    await engine.close();
  }

  it('after a crash before the output was there makes it anew, under the same name', async () => {
    const first = await start();
    const [job] = first.jobs.start([await handOver(first, 'a.png')], SETTINGS);
    const { output } = await reaches(first, job!.id, 'done');
    await crashed(first, job!.id);
    await rm(output!);

    const second = await start();
    second.jobs.resume();
    const again = await reaches(second, job!.id, 'done');
    expect(again.output).toBe(output);
    expect((await sharp(again.output!).metadata()).width).toBe(80);
    expect(await filesBelow(path.join(folder, 'in'))).toEqual([
      'a-restored.png',
      'a-restored.png.rasr.json',
      'a.png',
    ]);
  });

  it('after a crash once the output was there takes it as it is: nothing is made twice', async () => {
    const first = await start();
    const [job] = first.jobs.start([await handOver(first, 'a.png')], SETTINGS);
    const { output, record } = await reaches(first, job!.id, 'done');
    const written = await stat(output!);
    await crashed(first, job!.id);

    const second = await start();
    second.jobs.resume();
    expect(second.jobs.get(job!.id)).toMatchObject({ state: 'done', output, record });
    expect((await stat(output!)).mtimeMs).toBe(written.mtimeMs);
    expect(await filesBelow(path.join(folder, 'in'))).toHaveLength(3);
  });

  it('after a crash leaves alone what somebody else put where the output was to be', async () => {
    const first = await start();
    const [job] = first.jobs.start([await handOver(first, 'a.png')], SETTINGS);
    const { output } = await reaches(first, job!.id, 'done');
    await crashed(first, job!.id);
    await rm(`${output}.rasr.json`);
    await writeFile(output!, 'somebody else’s');

    const second = await start();
    second.jobs.resume();
    const again = await reaches(second, job!.id, 'done');
    expect(path.basename(again.output!)).toBe('a-restored (2).png');
    expect(await readFile(output!, 'utf8')).toBe('somebody else’s');
  });

  it('finds a library in use by another window', async () => {
    const [first, second] = [await start(), await start()];
    first.jobs.resume();
    await expectRefusal(() => second.jobs.resume(), 'LIBRARY_UNUSABLE', path.join(folder, 'library'));
    await first.close();
    second.jobs.resume();
  });
});

describe('outputs', () => {
  it('of photos that came as bytes stay in the library, each result of a photo under a name of its own', async () => {
    const engine = await start();
    const file = await writePicture(path.join(folder, 'in', 'a.png'), 40, 30, cloth(1));
    const { id } = await engine.jobs.photos.addBytes('a.png', await readFile(file));
    const names = [];
    for (let i = 0; i < 2; i++) {
      const [job] = engine.jobs.start([id], SETTINGS);
      const { output } = await reaches(engine, job!.id, 'done');
      expect(path.dirname(output!)).toBe(engine.library.paths.restored(job!.id));
      names.push(path.basename(output!));
    }
    expect(names).toEqual(['a-restored.png', 'a-restored (2).png']);
    // Clearing takes the library's copy of the photo and leaves the results.
    const before = await filesBelow(engine.library.paths.root);
    expect(before.filter((name) => name.startsWith('photos'))).toHaveLength(1);
    expect(await engine.jobs.clearFinished()).toBe(2);
    const after = await filesBelow(engine.library.paths.root);
    expect(after.filter((name) => name.startsWith('photos'))).toEqual([]);
    expect(after.filter((name) => name.startsWith('restored'))).toHaveLength(4);
  });

  it('go to the folder the user chose, in the subfolders their photos came in, and overwrite nothing', async () => {
    const engine = await start();
    const out = path.join(folder, 'Ausgabe 50 % 🐅');
    await mkdir(path.join(out, 'Zoo', 'day 1'), { recursive: true });
    await writeFile(path.join(out, 'Zoo', 'day 1', 'a-restored.png'), 'somebody else’s');
    const file = await writePicture(path.join(folder, 'in', 'a.png'), 40, 30, cloth(1));
    const ids: string[] = [];
    for (const folders of [['Zoo', 'day 1'], ['Zoo', 'day 2'], []]) {
      ids.push((await engine.jobs.photos.add(file, folders)).id);
    }
    const settings = { ...SETTINGS, outputFolder: out };
    await expectRefusal(() => engine.jobs.start(ids, settings), 'OUTPUT_UNWRITABLE', out);
    expect(engine.jobs.list()).toEqual([]);
    expect(engine.jobs.outputFolders.add(` "${out}" `)).toBe(out);
    const jobs = engine.jobs.start(ids, settings);
    for (const { id } of jobs) await reaches(engine, id, 'done');
    expect((await filesBelow(out)).filter((name) => name.endsWith('.png')).sort()).toEqual(
      [
        path.join('Zoo', 'day 1', 'a-restored (2).png'),
        path.join('Zoo', 'day 1', 'a-restored.png'),
        path.join('Zoo', 'day 2', 'a-restored.png'),
        'a-restored.png',
      ].sort(),
    );
    expect(await readFile(path.join(out, 'Zoo', 'day 1', 'a-restored.png'), 'utf8')).toBe('somebody else’s');
  });

  it('are not put anywhere else where that folder is gone; tried again once it is back, the photo is restored', async () => {
    const engine = await start();
    const out = path.join(folder, 'disk', 'out');
    await mkdir(out, { recursive: true });
    engine.jobs.outputFolders.add(out);
    await rm(path.join(folder, 'disk'), { recursive: true });
    const [job] = engine.jobs.start([await handOver(engine, 'a.png')], { ...SETTINGS, outputFolder: out });
    const failed = await reaches(engine, job!.id, 'failed');
    expect(failed.error).toMatchObject({ code: 'FILE_MISSING', message: expect.stringContaining(out) });
    expect(await readdir(folder)).not.toContain('disk');
    await mkdir(out, { recursive: true });
    engine.jobs.retry(job!.id);
    await reaches(engine, job!.id, 'done');
    expect(await filesBelow(out)).toEqual(['a-restored.png', 'a-restored.png.rasr.json']);
  });
});

describe('an output folder', () => {
  it('is refused where it is none, and says what to do', async () => {
    const { outputFolders } = (await start()).jobs;
    const file = await writePicture(path.join(folder, 'in', 'a.png'), 40, 30);
    await expectRefusal(() => outputFolders.add(''), 'FILE_MISSING');
    await expectRefusal(() => outputFolders.add('Restored'), 'FILE_MISSING', 'Restored');
    await expectRefusal(() => outputFolders.add(path.join(folder, 'none')), 'FILE_MISSING', 'none');
    await expectRefusal(() => outputFolders.add(file), 'FILE_MISSING', file);
    const closed = path.join(folder, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o500);
    // Permissions do not bind root.
    if (process.getuid?.() !== 0) {
      await expectRefusal(() => outputFolders.add(closed), 'OUTPUT_UNWRITABLE', closed);
    }
    expect(outputFolders.list().filter((known) => known !== closed)).toEqual([]);
  });

  it('is remembered, the one chosen last first, and no more than a menu holds', async () => {
    const { outputFolders } = (await start()).jobs;
    const folders = Array.from({ length: MAX_OUTPUT_FOLDERS + 1 }, (_, i) => path.join(folder, `${i}`));
    for (const each of folders) {
      await mkdir(each);
      outputFolders.add(each);
    }
    expect(outputFolders.list()).toEqual(folders.slice(1).toReversed());
    // A preset may still name the one that is not in the menu any more.
    outputFolders.require(folders[0]!);
    outputFolders.add(folders[4]!);
    expect(outputFolders.list()[0]).toBe(folders[4]);
    expect(outputFolders.list()).toHaveLength(MAX_OUTPUT_FOLDERS);
  });
});
