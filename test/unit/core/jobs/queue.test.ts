import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JobSettings } from '../../../../src/core/jobs/job.ts';
import { Photos } from '../../../../src/core/jobs/photos.ts';
import { JobQueue } from '../../../../src/core/jobs/queue.ts';
import type { Library } from '../../../../src/core/library/library.ts';
import type { RestorationRecord } from '../../../../src/core/restoration/record.ts';
import { temporaryLibrary } from '../../../support/engine.ts';
import { writePicture } from '../../../support/pictures.ts';
import { expectRefusal } from '../../../support/refusal.ts';

const SETTINGS: JobSettings = {
  gallery: 'find',
  scale: 4,
  referenceStrength: 1,
  format: 'keep',
  nameTemplate: '{name}-restored',
};
const ERROR = { code: 'IMAGE_DAMAGED', message: 'It is broken.', remedy: 'Copy it again.' };
const NO_JOB = '00000000-0000-4000-8000-000000000000';

let library: Library;
let photos: Photos;
let queue: JobQueue;
let photo: string;
beforeEach(async () => {
  library = await temporaryLibrary();
  photos = new Photos(library);
  queue = new JobQueue(library);
  photo = await writePicture(path.join(library.paths.root, 'handed', 'a.png'), 40, 30);
});

async function queued(count: number): Promise<string[]> {
  const ids = [];
  for (let i = 0; i < count; i++) ids.push((await photos.add(photo)).id);
  return queue.add(ids, SETTINGS).map(({ id }) => id);
}

const states = () => queue.list().map(({ state }) => state);
/** What the next start of the engine finds, after the process was killed. */
const afterCrash = () => {
  queue = new JobQueue(library);
  return queue.recover();
};

describe('JobQueue', () => {
  it('gives jobs in the order they came, one at a time, until none is left', async () => {
    const ids = await queued(3);
    expect(ids.map(() => queue.take()?.id)).toEqual(ids);
    expect(states()).toEqual(['running', 'running', 'running']);
    expect(queue.take()).toBeUndefined();
  });

  it('keeps what became of each', async () => {
    const [done, failed, cancelled] = await queued(3);
    const record = { schemaVersion: 1, photo: { name: 'тигр.jpg' } } as RestorationRecord;
    for (let i = 0; i < 3; i++) queue.take();
    expect(queue.finish(done!, '/out/a.png', record)).toMatchObject({
      state: 'done',
      output: '/out/a.png',
      record,
    });
    expect(queue.fail(failed!, ERROR)).toMatchObject({ state: 'failed', error: ERROR, output: null });
    expect(queue.cancel(cancelled!)).toMatchObject({ state: 'cancelled', error: null });
    expect(queue.list().every(({ finishedAt }) => finishedAt !== null)).toBe(true);
    expect(new JobQueue(library).get(done!)).toEqual(queue.get(done!));
  });

  it('reads records of versions that knew no same object, no strength and no detail', async () => {
    const [old, recent] = await queued(2);
    for (let i = 0; i < 2; i++) queue.take();
    const written = { schemaVersion: 1, decision: 'found' } as RestorationRecord;
    expect(queue.finish(old!, '/out/a.png', written).record).toEqual({
      ...written,
      sameObject: null,
      referenceStrength: 1,
      detail: null,
    });
    const kept = {
      ...written,
      sameObject: { used: 0.6 },
      referenceStrength: 0.4,
      detail: 0.2,
    } as RestorationRecord;
    expect(queue.finish(recent!, '/out/b.png', kept).record).toEqual(kept);
  });

  it('names a job that is not there', async () => {
    await expectRefusal(() => queue.get(NO_JOB), 'JOB_MISSING');
    await expectRefusal(() => queue.retry(NO_JOB), 'JOB_NOT_READY');
  });

  it('adds all jobs of a batch or none', async () => {
    const { id } = await photos.add(photo);
    expect(() => queue.add([id, NO_JOB], SETTINGS)).toThrow(/FOREIGN KEY/);
    expect(queue.list()).toEqual([]);
  });

  it('tries failed and cancelled jobs again when asked, and no others', async () => {
    const [failed, cancelled, done, waiting] = await queued(4);
    for (let i = 0; i < 3; i++) queue.take();
    queue.fail(failed!, ERROR);
    queue.cancel(cancelled!);
    queue.finish(done!, '/out', {} as RestorationRecord);
    expect(queue.retry(failed!)).toMatchObject({ state: 'queued', error: null, finishedAt: null });
    expect(queue.retry(cancelled!)).toMatchObject({ state: 'queued' });
    await expectRefusal(() => queue.retry(done!), 'JOB_NOT_READY');
    await expectRefusal(() => queue.retry(waiting!), 'JOB_NOT_READY');
    expect(queue.take()?.id).toBe(failed);
  });
});

describe('the whole queue', () => {
  it('remembers a pause over restarts', () => {
    expect(queue.paused).toBe(false);
    queue.paused = true;
    expect(new JobQueue(library).paused).toBe(true);
    queue.paused = false;
    expect(new JobQueue(library).paused).toBe(false);
  });

  it('cancels what waits and leaves the rest', async () => {
    const [done] = await queued(4);
    queue.take();
    queue.finish(done!, '/out', {} as RestorationRecord);
    queue.take();
    queue.cancelWaiting();
    expect(states()).toEqual(['done', 'running', 'cancelled', 'cancelled']);
    expect(queue.list().at(-1)?.finishedAt).not.toBeNull();
  });

  it('tries all failed jobs again and no others', async () => {
    const [first, second, third] = await queued(4);
    for (let i = 0; i < 3; i++) queue.take();
    queue.fail(first!, ERROR);
    queue.cancel(second!);
    queue.fail(third!, ERROR);
    expect(queue.retryFailed().toSorted()).toEqual([first, third].toSorted());
    expect(states()).toEqual(['queued', 'cancelled', 'queued', 'queued']);
    expect(queue.get(first!)).toMatchObject({ error: null, finishedAt: null });
  });

  it('clears what is finished, keeping failures, open jobs and every photo', async () => {
    const [done, failed, cancelled] = await queued(5);
    for (let i = 0; i < 4; i++) queue.take();
    queue.finish(done!, '/out', {} as RestorationRecord);
    queue.fail(failed!, ERROR);
    queue.cancel(cancelled!);
    const photoId = queue.get(done!).photoId;
    const photoIds = [done, cancelled].map((id) => queue.get(id!).photoId);
    expect(queue.removeFinished().sort()).toEqual(photoIds.sort());
    expect(states()).toEqual(['failed', 'running', 'queued']);
    expect(photos.get(photoId).path).toBe(photo);
    expect(existsSync(photo)).toBe(true);
  });

  it('knows whether anything is open, and the work in the order it was added', async () => {
    expect(queue.hasOpen()).toBe(false);
    const [a, b] = await queued(2);
    expect(queue.hasOpen()).toBe(true);
    expect(queue.work()).toMatchObject([
      { id: a, state: 'queued', pixels: 1200, finishedAt: null },
      { id: b, state: 'queued', pixels: 1200, finishedAt: null },
    ]);
    for (const id of [a, b]) queue.cancel(id!);
    expect(queue.hasOpen()).toBe(false);
  });

  it('tells how long photos took that were made by the model and on the device of the last', async () => {
    const jobs = await queued(4);
    const made = async (id: string, seconds: number, hash: string, device: string) => {
      queue.take();
      queue.finish(id, '/out', { seconds, generator: { hash }, device } as RestorationRecord);
      // The time of the end is kept in milliseconds.
      await setTimeout(2);
    };
    await made(jobs[0]!, 1, 'old model', 'CPU');
    await made(jobs[1]!, 2, 'model', 'CPU');
    await made(jobs[2]!, 3, 'model', 'WebGPU');
    await made(jobs[3]!, 4, 'model', 'CPU');
    expect(queue.samples()).toEqual([
      { seconds: 2, pixels: 1200 },
      { seconds: 4, pixels: 1200 },
    ]);
  });
});

describe('recovery after a crash', () => {
  it('puts the running job back once, and then holds it for the cause', async () => {
    const [suspect, innocent] = await queued(2);
    queue.take();
    expect(afterCrash()).toEqual([suspect]);
    expect(states()).toEqual(['queued', 'queued']);
    expect(queue.take()?.id).toBe(suspect);
    expect(afterCrash()).toEqual([]);
    expect(queue.get(suspect!)).toMatchObject({ state: 'failed', error: { code: 'ENGINE_STOPPED' } });
    expect(queue.take()?.id).toBe(innocent);
  });

  it('leaves ended jobs alone', async () => {
    const [done, failed] = await queued(2);
    queue.take();
    queue.take();
    queue.finish(done!, '/out', {} as RestorationRecord);
    queue.fail(failed!, ERROR);
    const before = queue.list();
    expect(afterCrash()).toEqual([]);
    expect(queue.list()).toEqual(before);
  });

  it('does not count a job that was put back in good order', async () => {
    const [job] = await queued(1);
    for (let stop = 0; stop < 5; stop++) {
      queue.take();
      expect(queue.putBack(job!).state).toBe('queued');
    }
    queue.take();
    expect(afterCrash()).toEqual([job]);
  });

  it('gives a job that is tried again by hand all its attempts back', async () => {
    const [job] = await queued(1);
    queue.take();
    afterCrash();
    queue.take();
    afterCrash();
    queue.retry(job!);
    queue.take();
    expect(afterCrash()).toEqual([job]);
  });
});

describe('Photos', () => {
  it('takes note of a photo without touching it, and refuses what is none', async () => {
    const noted = await photos.add(photo);
    expect(noted).toMatchObject({ path: photo, name: 'a.png', width: 40, height: 30 });
    expect(photos.get(noted.id)).toEqual(noted);
    await writeFile(path.join(library.paths.root, 'text.jpg'), 'text');
    await expectRefusal(photos.add(path.join(library.paths.root, 'text.jpg')), 'NOT_AN_IMAGE', 'text.jpg');
    await expectRefusal(() => photos.get(NO_JOB), 'FILE_MISSING');
  });

  it('forgets a photo; deletes our own copy and never an original', async () => {
    const original = await photos.add(photo);
    await photos.forget([original.id]);
    expect(existsSync(photo)).toBe(true);
    const copy = await photos.addBytes('b.png', await readFile(photo));
    const preview = library.paths.preview(`${copy.id}-384`);
    await mkdir(path.dirname(preview), { recursive: true });
    await writeFile(preview, 'a display copy');
    await photos.forget([copy.id]);
    expect([copy.path, path.dirname(copy.path), preview].filter(existsSync)).toEqual([]);
    await expectRefusal(() => photos.get(copy.id), 'FILE_MISSING');
  });

  it('keeps a photo that a job still needs', async () => {
    const copy = await photos.addBytes('b.png', await readFile(photo));
    queue.add([copy.id], SETTINGS);
    await photos.forget([copy.id]);
    expect(photos.get(copy.id)).toEqual(copy);
    expect(existsSync(copy.path)).toBe(true);
  });

  it('stores bytes whole, under a name that stays in its folder, with the folders they were in', async () => {
    const bytes = await readFile(photo);
    const folders = ['Экспедиция', '..', 'day 1/2', '', 'a:b', '.'];
    for (const source of [new Uint8Array(bytes), Readable.from([bytes.subarray(0, 9), bytes.subarray(9)])]) {
      const copy = await photos.addBytes('../../a\\b?.png', source, folders);
      expect(copy).toMatchObject({ name: 'b-.png', subfolder: 'Экспедиция/day 1-2/a-b', width: 40 });
      expect(copy.path).toBe(library.paths.photo(copy.id, 'b-.png'));
      expect(await readFile(copy.path)).toEqual(bytes);
    }
    await expectRefusal(photos.addBytes('text.jpg', Buffer.from('text')), 'NOT_AN_IMAGE', 'text.jpg is');
    expect(await readdir(library.paths.allPhotos)).toHaveLength(2);
  });

  it('sweeps up what nothing lists after a crash: rows without a job, copies without a row', async () => {
    const bytes = await readFile(photo);
    const listed = await photos.addBytes('listed.png', bytes);
    queue.add([listed.id], SETTINGS);
    const onItsWay = await photos.addBytes('on its way.png', bytes);
    await photos.add(photo);
    const unknown = library.paths.photo(NO_JOB, 'half an upload.png');
    await mkdir(path.dirname(unknown), { recursive: true });
    await writeFile(unknown, bytes.subarray(0, 20));
    const sweeping = photos.sweep();
    const late = await photos.addBytes('late.png', bytes);
    await sweeping;
    expect((await readdir(library.paths.allPhotos)).sort()).toEqual([listed.id, late.id].sort());
    await expectRefusal(() => photos.get(onItsWay.id), 'FILE_MISSING');
    expect(existsSync(photo)).toBe(true);
  });
});
