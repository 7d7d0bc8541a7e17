import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { app, BrowserWindow, dialog, type IpcMainInvokeEvent, ipcMain, protocol } from 'electron';
import { z } from 'zod';
import { answer, SCHEME, START_PAGE } from './app-protocol.ts';
import { EngineHost } from './engine-host.ts';
import { handOver } from './hand-over.ts';
import { refuseNavigation } from './navigation.ts';
import { showOnTaskbar } from './taskbar.ts';

const RENDERER = path.join(import.meta.dirname, '../renderer');

protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

function openWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    backgroundColor: '#1d1d1d',
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    },
  });
  refuseNavigation(window.webContents);
  window.once('ready-to-show', () => window.show());
  void window.loadURL(START_PAGE);
  return window;
}

/** Messages count only from the top frame of our own page. */
function isOurs({ senderFrame }: IpcMainInvokeEvent): boolean {
  return senderFrame?.parent === null && senderFrame.url.startsWith(START_PAGE);
}

/** Asks where to, then copies a finished job's output there. */
async function saveResult(engine: EngineHost, window: BrowserWindow, jobId: string): Promise<boolean> {
  const { file, name } = await engine.client.pictureFile.query({ kind: 'result-file', id: jobId });
  const defaultPath = path.join(app.getPath('pictures'), name);
  // The system's own dialog asks before it names a file that exists.
  const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath });
  if (canceled) return false;
  await copyFile(file, filePath);
  return true;
}

async function main(): Promise<void> {
  await app.whenReady();
  const library = process.env.RASR_LIBRARY ?? path.join(app.getPath('userData'), 'library');
  // A window whose engine was restarted asks for a new port by loading again; its state is the engine's.
  const engine = new EngineHost(library, {
    onRestart() {
      showOnTaskbar(engine.client, BrowserWindow.getAllWindows);
      for (const window of BrowserWindow.getAllWindows()) window.reload();
    },
    onRefused({ message, remedy }) {
      dialog.showErrorBox('RASR cannot start', `${message}\n\n${remedy}`);
      app.exit(1);
    },
  });
  showOnTaskbar(engine.client, BrowserWindow.getAllWindows);
  protocol.handle(SCHEME, ({ url }) => answer(url, RENDERER, engine.client));

  ipcMain.on('rasr:connect', (event) => {
    if (isOurs(event as unknown as IpcMainInvokeEvent)) {
      event.sender.postMessage('rasr:port', null, [engine.openPort(false)]);
    }
  });
  ipcMain.handle('rasr:hand-over', (event, paths: unknown) => {
    if (!isOurs(event)) return [];
    return handOver(engine.client, z.array(z.string()).parse(paths));
  });
  ipcMain.handle('rasr:save-result', (event, jobId: unknown) => {
    const window = BrowserWindow.fromWebContents(event.sender);
    return isOurs(event) && window !== null && saveResult(engine, window, z.uuid().parse(jobId));
  });

  openWindow();
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
  app.on('window-all-closed', () => app.quit());
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void engine.close().then(() => {
      closed = true;
      app.quit();
    });
  });
}

if (app.requestSingleInstanceLock()) void main();
else app.quit();

app.on('second-instance', () => {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized()) window.restore();
  window?.focus();
});
