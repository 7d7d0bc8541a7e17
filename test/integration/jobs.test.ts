import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Engine } from '../../src/core/engine.ts';
import type { BatchProgress } from '../../src/core/jobs/batch.ts';
import type { Job, JobSettings } from '../../src/core/jobs/job.ts';
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
    expect(
      await filesBelow(path.join(folder, 'library')).then((all) =>
        all.filter((f) => f.startsWith('restored')),
      ),
    ).toEqual([]);
    await engine.jobs.retry(small);
    const done = await reaches(engine, small, 'done');
    await engine.jobs.remove(small);
    expect(engine.jobs.list().map(({ id }) => id)).toEqual([large]);
    await expect(readFile(done.output!)).rejects.toThrow(/ENOENT/);
    await expectRefusal(() => engine.jobs.get(small), 'JOB_MISSING');
    expect(await readFile(path.join(folder, 'in', 'small.png'))).not.toHaveLength(0);
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

    const before = await filesBelow(folder);
    expect(engine.jobs.clearFinished()).toBe(4);
    expect(engine.jobs.list()).toEqual([]);
    expect(await filesBelow(folder)).toEqual(before);
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

  it('after a crash between output and record makes both anew', async () => {
    const first = await start();
    const [job] = first.jobs.start([await handOver(first, 'a.png')], SETTINGS);
    const { output } = await reaches(first, job!.id, 'done');
    const { database } = first.library;
    // As the crash leaves it: the output is there, its record and the end of the job are not.
    database
      .prepare("UPDATE job SET state = 'running', output = NULL, record = NULL WHERE id = ?")
      .run(job!.id);
    await first.close();
    await mkdir(path.dirname(output!), { recursive: true });
    await writeFile(output!, 'half a result');
    const { rm } = await import('node:fs/promises');
    await rm(`${output}.rasr.json`);

    const second = await start();
    second.jobs.resume();
    const again = await reaches(second, job!.id, 'done');
    expect((await sharp(again.output!).metadata()).width).toBe(80);
    expect((await filesBelow(path.dirname(output!))).length).toBe(2);
  });

  it('finds a library in use by another window', async () => {
    const [first, second] = [await start(), await start()];
    first.jobs.resume();
    await expectRefusal(() => second.jobs.resume(), 'LIBRARY_UNUSABLE', path.join(folder, 'library'));
    await first.close();
    second.jobs.resume();
  });
});
