import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test';
import { inList, samplePhoto } from './steps.ts';

/** Electron fetches its program on first use; asking for it by `require` would start that. */
const ELECTRON = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
const PRESENT = existsSync(path.join(ELECTRON, 'path.txt'));

/** A start of the app, with the user's data of its own. */
interface Started {
  readonly app: ElectronApplication;
  readonly window: Page;
}

interface Start {
  /** Starts the app with these arguments; again after it has ended. */
  (...files: string[]): Promise<Started>;
  readonly data: string;
}

const test = base.extend<{ start: Start }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names a fixture needs from this pattern
  start: async ({}, use) => {
    const data = await mkdtemp(path.join(tmpdir(), 'rasr-electron-'));
    let running: ElectronApplication | null = null;
    const start = async (...files: string[]) => {
      running = await launch(data, files);
      return { app: running, window: await running.firstWindow() };
    };
    await use(Object.assign(start, { data }));
    const last = running as ElectronApplication | null;
    // Whatever a test left at work is parked.
    if (last !== null) await answerQuitting(last, 1).catch(() => {});
    await last?.close().catch(() => {});
    await rm(data, { recursive: true, force: true, maxRetries: 3 });
  },
});

function launch(data: string, files: readonly string[]): Promise<ElectronApplication> {
  return _electron.launch({
    args: argumentsFor(data, files),
    env: { ...(process.env as Record<string, string>), RASR_LIBRARY: path.join(data, 'library') },
  });
}

function argumentsFor(data: string, files: readonly string[]): string[] {
  return [path.resolve('.'), '--no-sandbox', `--user-data-dir=${data}`, '--lang=en', ...files];
}

/** What Electron keeps to itself: the preferences that a page runs with. */
interface Preferring {
  getLastWebPreferences(): object;
}

/** Answers the question before quitting, whenever it is asked, and tells how often it was. */
async function answerQuitting(app: ElectronApplication, button: number): Promise<() => Promise<number>> {
  await app.evaluate(({ dialog }, response) => {
    const asked = { times: 0 };
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = async () => {
      asked.times++;
      return { response, checkboxChecked: false };
    };
  }, button);
  return () => app.evaluate(() => (globalThis as unknown as { asked: { times: number } }).asked.times);
}

test.describe('the Electron app', () => {
  test.skip(!PRESENT, "SKIPPED: Electron's program is not installed here (npx install-electron fetches it).");

  test('opens its window on the engine, sandboxed and without a bridge to Node', async ({ start }) => {
    const { app, window } = await start();
    await expect(window.getByRole('button', { name: /choose photos/i }).first()).toBeVisible();
    expect(await window.evaluate(() => [typeof require, typeof process])).toEqual(['undefined', 'undefined']);
    expect(
      await window.evaluate(() => Object.keys((globalThis as { rasr?: object }).rasr ?? {}).sort()),
    ).toEqual([
      'chooseFolder',
      'connect',
      'dragOut',
      'handOver',
      'onCommand',
      'onOpened',
      'openLibrary',
      'revealResult',
      'saveBeforeAfter',
      'saveResult',
      'setLanguage',
      'showLibrary',
    ]);
    const preferences = await app.evaluate(({ webContents }) =>
      webContents
        .getAllWebContents()
        .map((contents) => (contents as unknown as Preferring).getLastWebPreferences()),
    );
    expect(preferences).toHaveLength(1);
    expect(preferences[0]).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
    // The engine has made its library: the window is fed by the real one.
    await expect.poll(() => existsSync(path.join(start.data, 'library', 'library.db'))).toBe(true);
  });

  test('stays on its own page, by itself', async ({ start }) => {
    const { app, window } = await start();
    await expect(window.getByRole('button', { name: /choose photos/i }).first()).toBeVisible();
    const page = window.url();
    await window.evaluate(async () => {
      const { open, location } = globalThis as unknown as {
        open(url: string): unknown;
        location: { href: string };
      };
      open('https://example.org/');
      location.href = 'https://example.org/';
      await new Promise((resolve) => setTimeout(resolve, 500));
    });
    expect(window.url()).toBe(page);
    expect(app.windows()).toHaveLength(1);
    const granted = await window.evaluate(async () => {
      const { Notification } = globalThis as unknown as {
        Notification: { requestPermission(): Promise<string> };
      };
      return Notification.requestPermission();
    });
    expect(granted).toBe('denied');
    const fetched = await window.evaluate(() => fetch('https://example.org/').then(String, () => 'refused'));
    expect(fetched).toBe('refused');
  });

  test('shows its menus, and goes where they lead', async ({ start }) => {
    const { app, window } = await start();
    await expect(window.getByRole('button', { name: /choose photos/i }).first()).toBeVisible();
    const labels = await app.evaluate(({ Menu }) =>
      Menu.getApplicationMenu()!.items.map(({ label }) => label),
    );
    expect(labels.map((label) => label.replace('&', ''))).toEqual(
      expect.arrayContaining(['File', 'Edit', 'View', 'Batch', 'Help']),
    );
    await app.evaluate(({ Menu }) => {
      const view = Menu.getApplicationMenu()!.items.find(({ label }) => label.replace('&', '') === 'View');
      view!.submenu!.items.find(({ label }) => label === 'Galleries')!.click();
    });
    await expect(window.getByRole('heading', { level: 1, name: 'Galleries' })).toBeVisible();
  });

  test('restores a photo it is opened with, and one of a second start', async ({ start }) => {
    const { window } = await start(samplePhoto('monarch-specimen.jpg'));
    await expect(inList(window, 'monarch-specimen.jpg')).toBeVisible();
    // The second hands its file to the first, and ends.
    const program = createRequire(import.meta.url)('electron') as string;
    const second = spawn(program, argumentsFor(start.data, [samplePhoto('courtyard-tiles.jpg')]));
    await once(second, 'exit');
    await expect(inList(window, 'courtyard-tiles.jpg')).toBeVisible();
  });

  test('comes back where it was, unless that display is gone', async ({ start }) => {
    const first = await start();
    const wanted = { x: 40, y: 60, width: 1100, height: 720 };
    await first.app.evaluate(
      ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]!.setBounds(bounds),
      wanted,
    );
    await first.app.close();
    const file = path.join(start.data, 'window.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ window: { width: 1100, height: 720 } });

    const bounds = ({ app }: Started) =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds());
    const second = await start();
    expect(await bounds(second)).toMatchObject({ width: 1100, height: 720 });
    await second.app.close();

    await mkdir(start.data, { recursive: true });
    await writeFile(file, JSON.stringify({ window: { ...wanted, x: -90_000, maximised: false } }));
    expect((await bounds(await start())).x).toBeGreaterThanOrEqual(0);
  });

  test('asks before it quits in the middle of a photo, and keeps the queue', async ({ start }) => {
    const photo = 'tiger-in-the-shade.jpg';
    const first = await start(samplePhoto(photo));
    await expect(inList(first.window, photo, 'tile')).toBeVisible();
    const asked = await answerQuitting(first.app, 2);
    await first.app.evaluate(({ app }) => app.quit());
    await expect.poll(asked).toBe(1);
    await expect(inList(first.window, photo)).toBeVisible();

    await answerQuitting(first.app, 1);
    const ended = first.app.waitForEvent('close');
    await first.app.evaluate(({ app }) => app.quit());
    await ended;
    const second = await start();
    await expect(inList(second.window, photo, 'Restored')).toBeVisible({ timeout: 150_000 });
  });
});
