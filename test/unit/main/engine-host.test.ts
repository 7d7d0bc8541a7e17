import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createTRPCClient } from '@trpc/client';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AppRouter } from '../../../src/api/router.ts';
import { portLink } from '../../../src/api/transport/port-link.ts';
import { emitterPort } from '../../../src/api/transport/ports.ts';
import { answer } from '../../../src/main/app-protocol.ts';
import { EngineHost, type EngineHostEvents } from '../../../src/main/engine-host.ts';
import { handOver } from '../../../src/main/hand-over.ts';
import { forked } from '../../support/electron-in-node.ts';
import { temporaryFolder } from '../../support/temporary.ts';

vi.mock('electron', () => import('../../support/electron-in-node.ts'));

async function startHost(
  events: Partial<EngineHostEvents> = {},
): Promise<{ host: EngineHost; folder: string }> {
  const folder = await temporaryFolder();
  const host = new EngineHost(path.join(folder, 'library'), { onRestart() {}, onRefused() {}, ...events });
  onTestFinished(() => host.close());
  return { host, folder };
}

describe('EngineHost', () => {
  it('serves the api to the main process and to a window', async () => {
    const { host } = await startHost();
    await host.client.galleries.create.mutate({ name: 'Tigers' });
    const window = createTRPCClient<AppRouter>({ links: [portLink(emitterPort(host.openPort(false)))] });
    expect(await window.galleries.list.query()).toMatchObject([{ name: 'Tigers', references: 0 }]);
  });

  it('lets only the main process name files by path', async () => {
    const { host, folder } = await startHost();
    const window = createTRPCClient<AppRouter>({ links: [portLink(emitterPort(host.openPort(false)))] });
    await expect(window.photos.add.mutate({ path: folder })).rejects.toThrow(
      'Only the app itself may do this.',
    );
  });

  it('takes in good files, and refuses bad ones with a reason', async () => {
    const { host, folder } = await startHost();
    const good = path.join(folder, 'good.png');
    await sharp({ create: { width: 40, height: 30, channels: 3, background: 'teal' } }).toFile(good);
    const [taken, refused] = await handOver(host.client, [good, path.join(folder, 'none.jpg')]);
    expect(taken).toMatchObject({ kind: 'taken', name: 'good.png', photo: { width: 40, height: 30 } });
    expect(taken).not.toHaveProperty('photo.path');
    expect(refused).toMatchObject({ kind: 'refused', name: 'none.jpg', error: { code: 'FILE_MISSING' } });
  });

  it('answers with the renderer and with pictures the engine issued, and nothing else', async () => {
    const { host, folder } = await startHost();
    const renderer = path.join(folder, 'renderer');
    await mkdir(renderer);
    await writeFile(path.join(renderer, 'index.html'), '<title>RASR</title>');
    await writeFile(path.join(folder, 'secret.html'), 'secret');
    const file = path.join(folder, 'photo.png');
    await sharp({ create: { width: 40, height: 30, channels: 3, background: 'teal' } }).toFile(file);
    const [taken] = await handOver(host.client, [file]);
    const id = taken?.kind === 'taken' ? taken.photo.id : '';

    const page = await answer('rasr://app/index.html', renderer, host.client);
    expect(await page.text()).toBe('<title>RASR</title>');
    expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'self'");
    const shown = await answer(`rasr://pictures/photo/${id}`, renderer, host.client);
    expect(await sharp(await shown.arrayBuffer()).metadata()).toMatchObject({ width: 40, height: 30 });
    for (const address of [
      'rasr://app/../secret.html',
      'rasr://app/..%2Fsecret.html',
      'rasr://app/missing.js',
      'rasr://app/',
      'rasr://pictures/photo/11111111-1111-4111-8111-111111111111',
      `rasr://elsewhere/photo/${id}`,
      `rasr://pictures/photo/${id}/more`,
      'rasr://pictures/photo/..%2F..%2Fetc%2Fpasswd',
      'file:///etc/passwd',
      'nonsense',
    ]) {
      expect((await answer(address, renderer, host.client)).status, address).toBe(404);
    }
  });

  it('starts a crashed engine again, on the same library', async () => {
    const { promise: restarted, resolve } = Promise.withResolvers<void>();
    const { host } = await startHost({ onRestart: resolve });
    await host.client.galleries.create.mutate({ name: 'Tigers' });
    forked.at(-1)?.kill();
    await restarted;
    expect(await host.client.galleries.list.query()).toMatchObject([{ name: 'Tigers' }]);
  });

  it('tells where the library cannot be opened', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'not-a-folder');
    await writeFile(file, 'text');
    const { promise: refused, resolve } = Promise.withResolvers<{ message: string; remedy: string }>();
    new EngineHost(file, { onRestart() {}, onRefused: resolve });
    expect(await refused).toMatchObject({ message: expect.stringContaining(file) });
    forked.at(-1)?.kill();
  });
});
