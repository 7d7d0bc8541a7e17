import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createTRPCClient, TRPCClientError } from '@trpc/client';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { AppRouter } from '../../../src/api/router.ts';
import type { ClientMessage, ServerMessage } from '../../../src/api/transport/messages.ts';
import { portLink } from '../../../src/api/transport/port-link.ts';
import { serveOverPort } from '../../../src/api/transport/port-server.ts';
import { emitterPort, webPort } from '../../../src/api/transport/ports.ts';
import type { ApiError } from '../../../src/api/trpc.ts';
import type { JobEvent } from '../../../src/api/views.ts';
import type { Engine } from '../../../src/core/engine.ts';
import { temporaryEngine } from '../../support/engine.ts';
import { writePicture } from '../../support/pictures.ts';

let engine: Engine;
beforeEach(async () => {
  engine = await temporaryEngine();
});

/** A client over a real message channel. */
function connect(trusted: boolean) {
  const { port1, port2 } = new MessageChannel();
  const server = webPort<ClientMessage, ServerMessage>(port1 as never);
  const stop = serveOverPort(server, { engine, trusted });
  onTestFinished(() => {
    stop();
    port1.close();
  });
  const client = createTRPCClient<AppRouter>({ links: [portLink(webPort(port2 as never))] });
  return { client, stop };
}

async function refusalOf(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TRPCClientError);
  const { data } = error as TRPCClientError<AppRouter>;
  const refusal = (data as unknown as { refusal: ApiError }).refusal;
  expect(JSON.stringify(data)).not.toMatch(/"stack"|node_modules|\.ts:\d/);
  return refusal;
}

const photo = (width = 40, height = 30) =>
  writePicture(path.join(engine.library.paths.root, 'in', 'тигр 100% 🐅.png'), width, height);
const NO_ID = '00000000-0000-4000-8000-000000000000';

describe('the api over a message port', () => {
  it('answers queries and mutations', async () => {
    const { client } = connect(false);
    expect(await client.about.query()).toEqual({ tool: 'RASR test', device: 'CPU' });
    const made = await client.galleries.create.mutate({ name: 'Тигры' });
    expect(await client.galleries.list.query()).toEqual([made]);
  });

  it('answers calls that are made together, each with its own answer', async () => {
    const { client } = connect(false);
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, i) => client.galleries.create.mutate({ name: `gallery ${i}` })),
    );
    expect(made.map(({ name }) => name)).toEqual(Array.from({ length: 20 }, (_, i) => `gallery ${i}`));
  });

  it('serves over ports of the kind Electron has', async () => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    // Electron's MessagePortMain hands `on` an event; Node's hands it the data.
    const like = {
      postMessage: (message: unknown) => port1.postMessage(message),
      on: (_event: 'message', listener: (event: { data: unknown }) => void) =>
        port1.on('message', (data: unknown) => listener({ data })),
      start: () => port1.start(),
    };
    serveOverPort(emitterPort<ClientMessage, ServerMessage>(like), { engine, trusted: false });
    const client = createTRPCClient<AppRouter>({ links: [portLink(webPort(port2 as never))] });
    expect((await client.models.list.query()).length).toBeGreaterThanOrEqual(2);
  });

  it('carries a typed refusal: code, sentence and remedy, and no stack', async () => {
    const { client } = connect(false);
    await client.galleries.create.mutate({ name: 'Tiger' });
    const taken = await refusalOf(client.galleries.create.mutate({ name: 'tiger' }));
    expect(taken).toMatchObject({ code: 'NAME_TAKEN', message: expect.stringContaining('tiger') });
    expect(taken.remedy).not.toBe('');
    expect(await refusalOf(client.models.use.mutate({ id: 'none' }))).toMatchObject({
      code: 'BUNDLE_MISSING',
    });
    expect(await refusalOf(client.jobs.retry.mutate({ jobId: NO_ID }))).toMatchObject({
      code: 'JOB_MISSING',
    });
  });

  it('refuses input that is not what it should be', async () => {
    const { client } = connect(false);
    for (const call of [
      client.galleries.remove.mutate({ galleryId: -1 }),
      client.galleries.create.mutate({ name: 5 as never }),
      client.jobs.cancel.mutate({ jobId: '../../etc' }),
      client.jobs.start.mutate({ photoIds: [], settings: { gallery: 'find', scale: 4, format: 'keep' } }),
      client.jobs.start.mutate({
        photoIds: [NO_ID],
        settings: { gallery: 'find', scale: 3 as never, format: 'keep' },
      }),
    ]) {
      expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST' });
    }
  });

  it('pauses, names by example and keeps presets', async () => {
    const { client: host } = connect(true);
    const { id } = await host.photos.add.mutate({ path: await photo(400, 400) });
    const { client } = connect(false);
    const settings = { gallery: 'none', scale: 2, format: 'png', nameTemplate: '{name}@{scale}' } as const;
    expect(await client.jobs.exampleName.query({ photo: 'тигр.jpg', settings })).toBe('тигр@2.png');
    const unknown = { ...settings, nameTemplate: '{nme}' };
    const refused = await refusalOf(client.jobs.exampleName.query({ photo: 'a.jpg', settings: unknown }));
    expect(refused).toMatchObject({ code: 'NAME_INVALID', message: expect.stringContaining('{nme}') });
    await client.presets.save.mutate({ name: 'Web', settings });
    expect(await client.presets.list.query()).toMatchObject([{ name: 'Web', settings }]);
    expect(await client.presets.remove.mutate({ name: 'web' })).toEqual([]);

    await client.jobs.start.mutate({ photoIds: [id, id], settings });
    await client.jobs.pause.mutate();
    expect(engine.jobs.batch()).toMatchObject({ paused: true, total: 2 });
    await client.jobs.resume.mutate();
    expect(engine.jobs.batch().paused).toBe(false);
    await client.jobs.cancelAll.mutate();
    expect(await client.jobs.clearFinished.mutate()).toBe(1);
    await client.jobs.retryFailed.mutate();
  });

  it('refuses a procedure there is none of', async () => {
    const { client } = connect(true);
    const untyped = client as unknown as { files: { read: { query(input: unknown): Promise<unknown> } } };
    expect(await refusalOf(untyped.files.read.query({ path: '/etc/passwd' }))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('lets only the host name files by path', async () => {
    const file = await photo();
    const { client: window } = connect(false);
    expect(await refusalOf(window.photos.add.mutate({ path: file }))).toMatchObject({ code: 'FORBIDDEN' });
    const { client: host } = connect(true);
    const added = await host.photos.add.mutate({ path: file });
    expect(added).toEqual({ id: expect.any(String), name: path.basename(file), width: 40, height: 30 });
    const request = { kind: 'photo', id: added.id } as const;
    expect(await refusalOf(window.pictureFile.query(request))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await host.pictureFile.query(request)).toMatchObject({ mediaType: 'image/webp' });
  });

  it('never tells a window where a photo lies', async () => {
    const { client: host } = connect(true);
    const added = await host.photos.add.mutate({ path: await photo() });
    const { client: window } = connect(false);
    const settings = { gallery: 'none', scale: 1, format: 'keep' } as const;
    const started = await window.jobs.start.mutate({ photoIds: [added.id], settings });
    const told = JSON.stringify([started, await window.photos.get.query({ photoId: added.id })]);
    expect(told).not.toContain(engine.library.paths.root);
  });
});

describe('the subscription to jobs', () => {
  /** Collects events until `enough`, then ends the subscription. */
  function watch(client: ReturnType<typeof connect>['client'], enough: (events: JobEvent[]) => boolean) {
    const events: JobEvent[] = [];
    const started = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const subscription = client.jobs.events.subscribe(undefined, {
      onData(event) {
        events.push(event as JobEvent);
        started.resolve();
        if (enough(events)) ended.resolve();
      },
      onError: (error) => ended.reject(error),
    });
    return { events, started: started.promise, ended: ended.promise, stop: () => subscription.unsubscribe() };
  }

  const isDone = (events: JobEvent[]) =>
    events.some((event) => event.kind === 'job' && event.job.state === 'done');

  it('gives the jobs there are, then all that happens, in order', async () => {
    const { client: host } = connect(true);
    const { id } = await host.photos.add.mutate({ path: await photo() });
    const { client } = connect(false);
    const watcher = watch(client, isDone);
    await watcher.started;
    await client.jobs.start.mutate({
      photoIds: [id],
      settings: { gallery: 'none', scale: 1, format: 'keep' },
    });
    await watcher.ended;
    watcher.stop();
    expect(watcher.events[0]).toMatchObject({
      kind: 'snapshot',
      jobs: [],
      progress: {},
      batch: { total: 0 },
    });
    const states = watcher.events.flatMap((event) => (event.kind === 'job' ? [event.job.state] : []));
    expect(states).toEqual(['queued', 'running', 'done']);
    const stages = watcher.events.flatMap((event) =>
      event.kind === 'progress' ? [event.progress.stage] : [],
    );
    expect([...new Set(stages)]).toEqual(['decoding', 'finding references', 'generating', 'encoding']);
    const again = watch(client, () => true);
    await again.ended;
    expect(again.events[0]).toMatchObject({ kind: 'snapshot', jobs: [{ state: 'done', photoId: id }] });
    again.stop();
  });

  it('tells a window that comes late where the photo at work is, and the whole list anew after a change to many', async () => {
    const { client: host } = connect(true);
    const { id } = await host.photos.add.mutate({ path: await photo(400, 400) });
    const { client } = connect(false);
    const atWork = watch(client, (events) =>
      events.some((event) => event.kind === 'progress' && event.progress.stage === 'generating'),
    );
    const [job] = await client.jobs.start.mutate({
      photoIds: [id, id],
      settings: { gallery: 'none', scale: 1, format: 'keep' },
    });
    await atWork.ended;
    const late = watch(client, (events) => events.filter(({ kind }) => kind === 'snapshot').length === 2);
    await late.started;
    expect(late.events[0]).toMatchObject({
      kind: 'snapshot',
      progress: { [job!.id]: { stage: 'generating' } },
      batch: { total: 2, running: 1, waiting: 1, paused: false },
    });
    await client.jobs.cancelAll.mutate();
    await late.ended;
    expect(late.events.findLast(({ kind }) => kind === 'snapshot')).toMatchObject({
      jobs: [{ state: 'running' }, { state: 'cancelled' }],
    });
    late.stop();
    atWork.stop();
  });

  it('stops when the window unsubscribes: nobody listens to the engine any more', async () => {
    const own = engine.jobs.events.listenerCount('change');
    const { client } = connect(false);
    const watcher = watch(client, () => true);
    await watcher.started;
    expect(engine.jobs.events.listenerCount('change')).toBe(own + 1);
    watcher.stop();
    // A call that is answered after the stop proves that the stop has arrived.
    await client.about.query();
    expect(engine.jobs.events.listenerCount('change')).toBe(own);
  });

  it('stops when the port closes', async () => {
    const own = engine.jobs.events.listenerCount('change');
    const { client, stop } = connect(false);
    const watcher = watch(client, () => true);
    await watcher.started;
    stop();
    await connect(false).client.about.query();
    expect(engine.jobs.events.listenerCount('change')).toBe(own);
  });
});
