import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, expect, test } from '@playwright/test';

/** Electron fetches its program on first use; asking for it by `require` would start that. */
const ELECTRON = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
const PRESENT = existsSync(path.join(ELECTRON, 'path.txt'));

test.describe('the Electron app', () => {
  test.skip(!PRESENT, "SKIPPED: Electron's program is not installed here (npx install-electron fetches it).");

  test('opens its window on the engine, sandboxed and without a bridge to Node', async () => {
    const library = await mkdtemp(path.join(tmpdir(), 'rasr-electron-'));
    const app = await _electron.launch({
      args: [path.resolve('.'), '--no-sandbox'],
      env: { ...(process.env as Record<string, string>), RASR_LIBRARY: library },
    });
    try {
      const window = await app.firstWindow();
      await expect(window.getByRole('button', { name: /choose photos/i }).first()).toBeVisible();
      expect(await window.evaluate(() => [typeof require, typeof process])).toEqual([
        'undefined',
        'undefined',
      ]);
      expect(
        await window.evaluate(() => Object.keys((window as { rasr?: object }).rasr ?? {}).sort()),
      ).toEqual(['connect', 'handOver', 'saveResult']);
      // The engine has made its library: the window is fed by the real one.
      await expect.poll(() => existsSync(path.join(library, 'library.db'))).toBe(true);
    } finally {
      await app.close();
      await rm(library, { recursive: true, force: true });
    }
  });
});
