import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Engine } from '../../src/core/engine.ts';
import type { Job, JobSettings } from '../../src/core/jobs/job.ts';
import { openEngine } from '../support/engine.ts';
import { cloth, writePicture } from '../support/pictures.ts';
import { expectRefusal } from '../support/refusal.ts';
import { filesBelow } from '../support/snapshot-of-files.ts';
import { temporaryFolder } from '../support/temporary.ts';

// The queue at work, on the real models and through restarts.

const SETTINGS: JobSettings = { gallery: 'none', scale: 2, format: 'keep' };
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
