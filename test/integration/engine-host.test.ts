import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createTRPCClient, TRPCClientError } from '@trpc/client';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { AppRouter } from '../../src/api/router.ts';
import { portLink } from '../../src/api/transport/port-link.ts';
import { emitterPort } from '../../src/api/transport/ports.ts';
import type { ApiError } from '../../src/api/trpc.ts';
import type { JobEvent, JobView } from '../../src/api/views.ts';
import { EngineHost } from '../../src/main/engine-host.ts';
import { handOver } from '../../src/main/hand-over.ts';
import { ChildEngines } from '../support/child-engine.ts';
import { openEngine } from '../support/engine.ts';
import { cloth, writePicture } from '../support/pictures.ts';
import { temporaryFolder } from '../support/temporary.ts';
import type { WiredPort } from '../support/wired-port.ts';

// Electron's host of the engine, with the real engine in a real process.

const SETTINGS = { gallery: 'none', scale: 1, format: 'png' } as const;
let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

interface Started {
  readonly host: EngineHost<WiredPort>;
  readonly engines: ChildEngines;
  /** Resolves as often as the engine was started again. */
  readonly restarted: Promise<void>;
  readonly refused: Promise<{ message: string; remedy: string }>;
}

function start(library = path.join(folder, 'library'), script?: string): Started {
  const engines = new ChildEngines(script);
  const restarted = Promise.withResolvers<void>();
  const refused = Promise.withResolvers<{ message: string; remedy: string }>();
  const host = new EngineHost(engines, library, {
    onRestart: restarted.resolve,
    onRefused: refused.resolve,
  });
  onTestFinished(() => {
    for (const child of engines.started) child.kill('SIGKILL');
  });
  return { host, engines, restarted: restarted.promise, refused: refused.promise };
}

/** Queues photos; large ones take a while. */
async function queue(host: EngineHost<WiredPort>, names: readonly string[], side: number): Promise<void> {
  const files = await Promise.all(
    names.map((name, i) => writePicture(path.join(folder, 'in', name), side, side, cloth(i))),
  );
  const photoIds = (await handOver(host.client, files)).map((result) => {
    if (result.kind === 'refused') throw new Error(result.error.message);
    return result.photo.id;
  });
  await host.client.jobs.start.mutate({ photoIds, settings: SETTINGS });
}

/** Resolves with the first event that passes. */
function event<Wanted extends JobEvent>(
  host: EngineHost<WiredPort>,
  passes: (event: JobEvent) => event is Wanted,
): Promise<Wanted> {
  return new Promise((resolve) => {
    host.client.jobs.events.subscribe(undefined, {
      onData: (data) => {
        if (passes(data)) resolve(data);
      },
    });
  });
}

const isAtWork = (data: JobEvent): data is Extract<JobEvent, { kind: 'progress' }> =>
  data.kind === 'progress' && data.progress.stage === 'generating';

const areDone = (data: JobEvent): data is Extract<JobEvent, { kind: 'batch' }> =>
  data.kind === 'batch' && data.batch.done === 2;

/** The jobs as the library has them once nobody works at it. */
async function jobsLeft(): Promise<Pick<JobView, 'photo' | 'state'>[]> {
  const engine = await openEngine(path.join(folder, 'library'));
  const jobs = engine.jobs.list().map(({ photo, state }) => ({ photo, state }));
  await engine.close();
  return jobs;
}

describe('EngineHost', () => {
  it('gives the main process a client that may name files, and windows ports that may not', async () => {
    const { host } = start();
    const photo = await writePicture(path.join(folder, 'ä 100%.png'), 20, 10);
    const [taken, missing] = await handOver(host.client, [photo, path.join(folder, 'gone.png')]);
    expect(taken).toMatchObject({ kind: 'taken', name: 'ä 100%.png', photo: { width: 20, height: 10 } });
    expect(missing).toMatchObject({ kind: 'refused', name: 'gone.png', error: { code: 'FILE_MISSING' } });

    const window = createTRPCClient<AppRouter>({
      links: [portLink(emitterPort(host.openPort(false)))],
    });
    expect(await window.galleries.list.query()).toEqual([]);
    const refusal = await window.photos.add.mutate({ path: photo }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(TRPCClientError);
    expect((refusal as TRPCClientError<never>).message).toBe('Only the app itself may do this.');
    await host.close('park');
  });

  it('starts a crashed engine again, which goes on with the queue', async () => {
    const { host, engines, restarted } = start();
    const atWork = event(host, isAtWork);
    await queue(host, ['first.png', 'second.png'], 300);
    await atWork;
    engines.started[0]!.kill('SIGKILL');
    await restarted;
    expect(engines.started).toHaveLength(2);
    const { batch } = await event(host, areDone);
    expect(batch).toMatchObject({ done: 2, failed: 0, waiting: 0 });
    await host.close('park');
  });

  it('parks the photo at work when it is closed', async () => {
    const { host, engines } = start();
    const atWork = event(host, isAtWork);
    await queue(host, ['first.png', 'second.png'], 700);
    await atWork;
    await host.close('park');
    expect(engines.started[0]!.exitCode).toBe(0);
    expect(engines.started).toHaveLength(1);
    // Read by an engine that works at nothing.
    expect(await jobsLeft()).toEqual([
      { photo: 'first.png', state: 'queued' },
      { photo: 'second.png', state: 'queued' },
    ]);
  });

  it('finishes the photo at work, and begins no other', async () => {
    const { host } = start();
    const atWork = event(host, isAtWork);
    await queue(host, ['first.png', 'second.png'], 300);
    await atWork;
    await host.close('finish');
    expect(await jobsLeft()).toEqual([
      { photo: 'first.png', state: 'done' },
      { photo: 'second.png', state: 'queued' },
    ]);
  });

  it('parks a photo after all that it was to finish', async () => {
    const { host } = start();
    const atWork = event(host, isAtWork);
    await queue(host, ['first.png'], 1200);
    await atWork;
    const finished = host.close('finish');
    await Promise.all([finished, host.close('park')]);
    expect(await jobsLeft()).toEqual([{ photo: 'first.png', state: 'queued' }]);
  });

  it('tells why a library cannot be opened, and does not try again', async () => {
    const library = path.join(folder, 'a file');
    await writeFile(library, 'not a folder');
    const { refused, engines } = start(library);
    const { message, remedy } = await refused;
    expect(message).toContain(library);
    expect(remedy).not.toBe('');
    expect(engines.started).toHaveLength(1);
  });

  it('gives up on an engine that ends before it is ready', async () => {
    const script = path.join(folder, 'broken.mjs');
    await writeFile(script, 'process.exit(3);');
    const { host, refused, engines } = start(undefined, script);
    expect((await refused).message).toBe('The engine of RASR stopped before it was ready.');
    expect(engines.started).toHaveLength(1);
    await host.close('park');
  });
});

describe('handOver', () => {
  it('tells that the engine does not answer in the words of any refusal', async () => {
    const failing = { photos: { add: { mutate: () => Promise.reject(new Error('port closed')) } } };
    const [result] = await handOver(failing as never, ['/photos/a.png']);
    const { error } = result as { error: ApiError };
    expect(error).toMatchObject({ code: 'ENGINE_STOPPED', message: 'The engine does not answer.' });
  });
});
