import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createTRPCClient } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import type { AppRouter } from '../../../src/api/router.ts';
import { answer } from '../../../src/main/app-protocol.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('answer', () => {
  it('gives the renderer with its security policy, and no file outside of it', async () => {
    const folder = await temporaryFolder();
    const renderer = path.join(folder, 'renderer');
    await mkdir(renderer);
    await writeFile(path.join(renderer, 'index.html'), '<title>RASR</title>');
    await writeFile(path.join(folder, 'secret.html'), 'secret');
    const client = createTRPCClient<AppRouter>({ links: [] });

    const page = await answer('rasr://app/index.html', renderer, client);
    expect(await page.text()).toBe('<title>RASR</title>');
    expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'self'");
    for (const address of [
      'rasr://app/../secret.html',
      'rasr://app/..%2Fsecret.html',
      'rasr://app/missing.js',
      'rasr://app/',
      'file:///etc/passwd',
      'nonsense',
    ]) {
      expect((await answer(address, renderer, client)).status, address).toBe(404);
    }
  });
});
