import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createTRPCClient } from '@trpc/client';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { saveBeforeAfter } from '../../../src/api/compare.ts';
import type { AppRouter } from '../../../src/api/router.ts';
import { portLink } from '../../../src/api/transport/port-link.ts';
import { serveOverPort } from '../../../src/api/transport/port-server.ts';
import { webPort } from '../../../src/api/transport/ports.ts';
import type { Engine } from '../../../src/core/engine.ts';
import { temporaryEngine } from '../../support/engine.ts';
import { asSeen, writePicture } from '../../support/pictures.ts';
import { expectRefusal } from '../../support/refusal.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/** A client of the engine over a real message channel, as Electron's processes have one. */
function connect(engine: Engine, trusted: boolean) {
  const { port1, port2 } = new MessageChannel();
  const stop = serveOverPort(webPort(port1 as never), { engine, trusted });
  onTestFinished(() => {
    stop();
    port1.close();
  });
  return createTRPCClient<AppRouter>({ links: [portLink(webPort(port2 as never))] });
}

describe('a tile', () => {
  it('reaches the host as bytes, and nobody else', async () => {
    const engine = await temporaryEngine();
    const file = await writePicture(path.join(await temporaryFolder(), 'a.png'), 60, 40);
    const photo = await engine.jobs.photos.add(file);
    const wanted = { kind: 'photo', id: photo.id, level: 0, x: 0, y: 0 } as const;
    const bytes = await connect(engine, true).compare.tile.query(wanted);
    const { data } = await sharp(new Uint8Array(bytes)).raw().toBuffer({ resolveWithObject: true });
    expect(Buffer.compare(data, Buffer.from((await asSeen(file)).data))).toBe(0);
    await expect(connect(engine, false).compare.tile.query(wanted)).rejects.toThrow('Only the app itself');
  });
});

describe('saving before and after', () => {
  it('writes a new file, and never over one that is there', async () => {
    const engine = await temporaryEngine();
    const folder = await temporaryFolder();
    const photo = await engine.jobs.photos.add(await writePicture(path.join(folder, 'a.png'), 60, 40));
    const [job] = engine.jobs.start([photo.id], { gallery: 'none', scale: 2, format: 'keep' });
    await new Promise<void>((resolve) => {
      engine.jobs.events.on('change', (change) => {
        if (change.kind === 'job' && change.job.state === 'done') resolve();
      });
    });
    const request = {
      id: job!.id,
      against: null,
      part: { left: 0, top: 0, width: 1, height: 1 },
      labels: { before: 'Before', after: 'After' },
    };
    const file = path.join(folder, 'new', 'shared.jpg');
    await saveBeforeAfter(engine, request, file);
    expect((await sharp(file).metadata()).format).toBe('jpeg');

    const mine = path.join(folder, 'mine.jpg');
    await mkdir(path.dirname(mine), { recursive: true });
    await writeFile(mine, 'mine');
    await expectRefusal(saveBeforeAfter(engine, request, mine), 'OUTPUT_EXISTS', 'mine.jpg');
    expect(await readFile(mine, 'utf8')).toBe('mine');
  });
});
