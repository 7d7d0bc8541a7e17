import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, type Page } from '@playwright/test';
import type { IpcMain } from 'electron';
import { CHANNELS, type WindowCommand } from '../../src/api/electron-bridge.ts';
import { answer, START_PAGE } from '../../src/main/app-protocol.ts';
import { type DragItem, dragItem } from '../../src/main/drag-out.ts';
import { EngineHost } from '../../src/main/engine-host.ts';
import { handOver } from '../../src/main/hand-over.ts';
import { OpenedFiles } from '../../src/main/opened-files.ts';
import { serveWindows } from '../../src/main/window-ipc.ts';
import { ChildEngines } from '../support/child-engine.ts';
import type { WiredPort } from '../support/wired-port.ts';
import { samplePhoto } from './steps.ts';

const OUT = path.resolve(import.meta.dirname, '..', '..', 'out');

/** Stands for `rasr://app` in a browser that knows no schemes of ours. */
const ORIGIN = 'http://rasr.localhost';

/**
 * The desktop app's window in Chromium, without Electron: page and pictures come from the app's own protocol with its
 * own policy, messages go through its own checks to the real engine in a process of its own. What is Electron's
 * alone is missing: the sandbox, menus, dialogs and the system's drag.
 */
export interface Desktop {
  readonly library: string;
  readonly opened: OpenedFiles;
  /** What was dragged out. */
  readonly dragged: DragItem[];
  /** Jobs whose output was to be saved. */
  readonly saved: string[];
  /** Jobs whose output was to be shown in the file manager. */
  readonly revealed: string[];
  /** Languages the window spoke. */
  readonly languages: string[];
  /** Opens the window. */
  show(): Promise<void>;
  command(command: WindowCommand): Promise<void>;
}

/** What desktop-page.js puts into the page. */
interface InPage {
  fromMain(channel: string, data: unknown): void;
}

export const test = base.extend<{ desktop: Desktop }>({
  desktop: async ({ page }, use) => {
    const library = await mkdtemp(path.join(tmpdir(), 'rasr-desktop-'));
    const engines = new ChildEngines(path.join(OUT, 'main', 'engine.js'));
    const engine = new EngineHost(engines, library, {
      onRestart: () => {
        throw new Error('The engine crashed.');
      },
      onRefused: ({ message }) => {
        throw new Error(message);
      },
    });
    try {
      await use(await openDesktop(page, engine, library));
    } finally {
      await page.close();
      await engine.close('park');
      await rm(library, { recursive: true, force: true });
    }
  },
});

async function openDesktop(page: Page, engine: EngineHost<WiredPort>, library: string): Promise<Desktop> {
  const toPage = (channel: string, data: unknown) =>
    page.evaluate(([name, value]) => (globalThis as unknown as InPage).fromMain(name, value), [
      channel,
      data,
    ] as const);
  const opened = new OpenedFiles({
    handOver: (paths) => handOver(engine.client, paths),
    tellWindow: (files) => void toPage(CHANNELS.opened, files),
    needWindow: () => {},
    onTaken: () => {},
  });
  const desktop: Desktop = {
    library,
    opened,
    dragged: [],
    saved: [],
    revealed: [],
    languages: [],
    show: async () => {
      await page.goto(`${ORIGIN}/index.html`);
    },
    command: (command) => toPage(CHANNELS.command, command),
  };

  const { ipc, receive } = ipcOf(page);
  let port: WiredPort | null = null;
  serveWindows(ipc, {
    connect: () => {
      port = engine.openPort(false);
      port.on('message', ({ data }) => void toPage(CHANNELS.port, data).catch(() => {}));
      port.start();
    },
    listening: () => opened.windowListens(),
    handOver: (names) =>
      handOver(
        engine.client,
        names.map((name) => samplePhoto(String(name))),
      ),
    chooseFolder: async () => null,
    saveResult: async (_window, jobId) => desktop.saved.push(jobId) > 0,
    saveBeforeAfter: async () => false,
    exportGallery: async () => ({ kind: 'cancelled' }),
    importGallery: async () => ({ kind: 'cancelled' }),
    revealResult: (jobId) => desktop.revealed.push(jobId),
    showLibrary: () => {},
    openLibrary: async () => null,
    dragOut: async (_window, jobIds) => {
      const item = await dragItem(engine.client, jobIds);
      if (item !== null) desktop.dragged.push(item);
    },
    setLanguage: (language) => desktop.languages.push(language),
  });
  await page.exposeFunction('toMain', receive);
  await page.exposeFunction('toEngine', (data: unknown) => port?.postMessage(data));
  await page.addInitScript((channels) => Object.assign(globalThis, { channels }), CHANNELS);
  await page.addInitScript({ path: path.join(import.meta.dirname, 'desktop-page.js') });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname, search } = new URL(route.request().url());
    const response = await answer(
      `rasr://app${pathname}${search}`,
      path.join(OUT, 'renderer'),
      engine.client,
    );
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  });
  return desktop;
}

/** Electron's `ipcMain` as far as the app uses it; every message comes from the page as it is now. */
function ipcOf(page: Page) {
  const events = new EventEmitter();
  const handlers = new Map<string, (event: unknown, input: unknown) => unknown>();
  const receive = (channel: string, input?: unknown) => {
    const url = page.url().replace(`${ORIGIN}/index.html`, START_PAGE);
    const event = { sender: page, senderFrame: { parent: null, url } };
    const handler = handlers.get(channel);
    if (handler !== undefined) return handler(event, input);
    events.emit(channel, event, input);
    return undefined;
  };
  const ipc = {
    on: events.on.bind(events),
    handle: (channel: string, handler: (event: unknown, input: unknown) => unknown) =>
      handlers.set(channel, handler),
  } as unknown as IpcMain;
  return { ipc, receive };
}
