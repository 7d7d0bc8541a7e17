import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createTRPCClient } from '@trpc/client';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { AppRouter } from '../../../src/api/router.ts';
import type { ClientMessage, ServerMessage } from '../../../src/api/transport/messages.ts';
import { portLink } from '../../../src/api/transport/port-link.ts';
import { serveOverPort } from '../../../src/api/transport/port-server.ts';
import { webPort } from '../../../src/api/transport/ports.ts';
import type { Engine } from '../../../src/core/engine.ts';
import { handedFile, handOver } from '../../../src/main/hand-over.ts';
import { takeOutputFolder } from '../../../src/main/output-folder.ts';
import { temporaryEngine } from '../../support/engine.ts';
import { picture, writePicture } from '../../support/pictures.ts';

let engine: Engine;
beforeEach(async () => {
  engine = await temporaryEngine();
});

/** A client over a real message channel, as the main process has one. */
function connect(trusted = true) {
  const { port1, port2 } = new MessageChannel();
  const stop = serveOverPort(webPort<ClientMessage, ServerMessage>(port1 as never), { engine, trusted });
  onTestFinished(() => {
    stop();
    port1.close();
  });
  return createTRPCClient<AppRouter>({ links: [portLink(webPort(port2 as never))] });
}

describe('handing files over', () => {
  it('names those that have a path, and stores the bytes of those that have none', async () => {
    const file = await writePicture(path.join(engine.library.paths.root, 'in', 'тигр.png'), 40, 30);
    const pasted = new Uint8Array(await picture(20, 10).png().toBuffer());
    const [named, stored, refused] = await handOver(connect(), [
      { name: 'тигр.png', source: file, folders: ['Zoo', 'day 1'] },
      { name: 'pasted 2026-01-02 10.11.12.png', source: pasted, folders: [] },
      { name: 'letter.png', source: new TextEncoder().encode('Dear museum'), folders: [] },
    ]);
    expect(named).toMatchObject({ kind: 'taken', name: 'тигр.png', photo: { width: 40 } });
    expect(stored).toMatchObject({
      kind: 'taken',
      photo: { name: 'pasted 2026-01-02 10.11.12.png', width: 20 },
    });
    expect(refused).toMatchObject({ kind: 'refused', name: 'letter.png', error: { code: 'NOT_AN_IMAGE' } });
    const photos = [named, stored].map((result) =>
      engine.jobs.photos.get((result as { photo: { id: string } }).photo.id),
    );
    expect(photos[0]).toMatchObject({ path: file, subfolder: 'Zoo/day 1' });
    expect(new Uint8Array(await readFile(photos[1]!.path))).toEqual(pasted);
    expect(photos.map((photo) => engine.jobs.photos.isCopy(photo))).toEqual([false, true]);
  });

  it('takes from the window no more than a name, a path or bytes, and folders', () => {
    const good = { name: 'a.png', source: '/a.png', folders: [] };
    expect(handedFile.parse(good)).toEqual(good);
    for (const bad of [{ ...good, source: '' }, { ...good, source: 7 }, { ...good, folders: 'a' }, null]) {
      expect(handedFile.safeParse(bad).success).toBe(false);
    }
  });
});

describe('an output folder that was picked', () => {
  it('is taken, or refused in words', async () => {
    const folder = path.join(engine.library.paths.root, 'out');
    await mkdir(folder);
    const client = connect();
    expect(await takeOutputFolder(client, folder)).toEqual({ kind: 'taken', folder });
    expect(engine.jobs.outputFolders.list()).toEqual([folder]);
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    expect(await takeOutputFolder(client, file)).toMatchObject({
      kind: 'refused',
      error: { code: 'FILE_MISSING', message: `There is no folder ${file}.` },
    });
  });

  it('cannot be named by the window itself', async () => {
    const window = connect(false);
    for (const call of [window.outputFolders.add, window.outputFolders.type]) {
      await expect(call.mutate({ folder: engine.library.paths.root })).rejects.toThrow();
    }
    expect(engine.jobs.outputFolders.list()).toEqual([]);
  });
});
