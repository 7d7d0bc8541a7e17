import path from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  type MessagePortMain,
  Notification,
  powerSaveBlocker,
  protocol,
  session,
  shell,
  type WebContents,
} from 'electron';
import type { BeforeAfterRequest } from '../api/compare.ts';
import { CHANNELS, type WindowCommand } from '../api/electron-bridge.ts';
import type { ApiError } from '../api/trpc.ts';
import { toRasrError } from '../core/errors.ts';
import type { BatchProgress } from '../core/jobs/batch.ts';
import { probeLibrary, rememberLibrary } from '../core/library/location.ts';
import { answer, SCHEME } from './app-protocol.ts';
import { BatchFeed, isWorking } from './batch-feed.ts';
import { batchNotice } from './batch-notice.ts';
import {
  askForLibrary,
  askForOutputFolder,
  askForPhotos,
  askHowToQuit,
  askWhereToSave,
  saveCopy,
} from './dialogs.ts';
import { dragItem } from './drag-out.ts';
import { utilityProcesses } from './electron-engine.ts';
import { EngineHost } from './engine-host.ts';
import { exportGallery, importGallery } from './gallery-files.ts';
import { handOver, pathOf } from './hand-over.ts';
import { HostStateFile, withRecent } from './host-state.ts';
import { APP_ID } from './identity.ts';
import { lockContents, lockSession } from './lockdown.ts';
import { openMainWindow } from './main-window.ts';
import { menuBatch, menuTemplate } from './menu.ts';
import { languageFor, type Texts, textsIn } from './messages.ts';
import { OpenedFiles } from './opened-files.ts';
import { takeOutputFolder } from './output-folder.ts';
import { Quit } from './quit.ts';
import { refusalOf } from './refusal.ts';
import { taskbarProgress } from './taskbar.ts';
import { serveWindows, type WindowServices } from './window-ipc.ts';

const RENDERER = path.join(import.meta.dirname, '../renderer');

/** The desktop app, put together: what happens is decided elsewhere, here Electron is told. */
export class RasrApp {
  readonly #state = new HostStateFile(path.join(app.getPath('userData'), 'window.json'));
  readonly #library: string;
  readonly #rememberedIn: string;
  readonly #engine: EngineHost<MessagePortMain>;
  readonly #batch = new BatchFeed([
    (batch) => this.#showProgress(batch),
    (batch) => this.#keepAwake(isWorking(batch)),
    (batch, before) => this.#notify(batch, before),
    (batch, before) => this.#refreshMenu(batch, before),
  ]);
  readonly #opened = new OpenedFiles({
    handOver: (paths) => handOver(this.#engine.client, paths),
    tellWindow: (files) => this.#window()?.webContents.send(CHANNELS.opened, files),
    needWindow: () => this.focus(),
    onTaken: (paths) => this.#remember(paths),
  });
  readonly #quit = new Quit({
    batch: () => this.#batch.latest,
    ask: async (batch) => {
      const choice = await askHowToQuit(batch, this.#texts);
      if (choice === 'stay') this.#startsAgain = false;
      return choice;
    },
    onFinishing: () => this.#tellWindow({ kind: 'finishing' }),
    close: async (current) => {
      await this.#engine.close(current);
      await this.#state.flush();
    },
    leave: () => {
      if (this.#startsAgain) app.relaunch();
      app.quit();
    },
  });
  #texts: Texts;
  /** The user goes over to another library. */
  #startsAgain = false;
  #awake: number | null = null;

  /**
   * Starts the engine and opens the window; call it once Electron is ready.
   *
   * @param library absolute path of its folder
   * @param rememberedIn file that keeps which library the user went over to
   */
  constructor(library: string, rememberedIn: string) {
    this.#library = library;
    this.#rememberedIn = rememberedIn;
    // Windows shows notifications of programs it knows by their installer's name for them.
    app.setAppUserModelId(APP_ID);
    this.#texts = this.#textsOfUser();
    lockSession(session.defaultSession);
    this.#engine = new EngineHost(utilityProcesses, this.#library, {
      onRestart: () => {
        this.#batch.follow(this.#engine.client);
        // A window asks for a new port by loading again; its state is the engine's.
        this.#opened.windowGone();
        for (const window of BrowserWindow.getAllWindows()) window.reload();
      },
      onRefused: ({ message, remedy }) => {
        dialog.showErrorBox(this.#texts('cannotStart'), `${message}\n\n${remedy}`);
        app.exit(1);
      },
    });
    this.#batch.follow(this.#engine.client);
    protocol.handle(SCHEME, ({ url }) => answer(url, RENDERER, this.#engine.client));
    serveWindows(ipcMain, this.#services());
    this.#listen();
    this.#buildMenu();
    this.focus();
  }

  /** Opens files and folders with the app. */
  open(paths: readonly string[]): void {
    void this.#opened.open(paths);
  }

  /** Brings the window to the front, or opens it where it was closed. */
  focus(): void {
    const window = this.#window() ?? this.#openWindow();
    if (window.isMinimized()) window.restore();
    window.focus();
  }

  #window(): BrowserWindow | undefined {
    return BrowserWindow.getAllWindows()[0];
  }

  #openWindow(): BrowserWindow {
    const window = openMainWindow(this.#state);
    window.on('closed', () => this.#opened.windowGone());
    // Where the last window takes the app along, quitting is decided while it is still there.
    if (process.platform !== 'darwin') {
      window.on('close', (event) => {
        if (!this.#quit.request()) event.preventDefault();
      });
    }
    return window;
  }

  #listen(): void {
    app.on('web-contents-created', (_event, contents) => lockContents(contents));
    app.on('activate', () => this.focus());
    app.on('window-all-closed', () => {
      // A Mac's apps stay, and so does the batch at work.
      if (process.platform !== 'darwin') app.quit();
    });
    app.on('before-quit', (event) => {
      if (!this.#quit.request()) event.preventDefault();
    });
  }

  #services(): WindowServices {
    return {
      connect: (window) => window.postMessage(CHANNELS.port, null, [this.#engine.openPort(false)]),
      listening: () => this.#opened.windowListens(),
      handOver: async (files) => {
        const results = await handOver(this.#engine.client, files);
        const taken = files.filter((_file, i) => results[i]?.kind === 'taken');
        this.#remember(taken.map(pathOf).filter((file) => file !== undefined));
        return results;
      },
      chooseFolder: async (contents) => {
        const window = BrowserWindow.fromWebContents(contents);
        const folder = window === null ? undefined : await askForOutputFolder(window);
        return folder === undefined ? null : takeOutputFolder(this.#engine.client, folder);
      },
      saveResult: async (contents, jobId) => {
        const window = BrowserWindow.fromWebContents(contents);
        return window !== null && saveCopy(window, await this.#resultFile(jobId), this.#texts);
      },
      saveBeforeAfter: async (contents, request) => {
        const window = BrowserWindow.fromWebContents(contents);
        return window !== null && this.#saveBeforeAfter(window, request);
      },
      exportGallery: (contents, galleryId) =>
        exportGallery(this.#engine.client, galleryId, (name) =>
          askWhereToSave(BrowserWindow.fromWebContents(contents), name),
        ),
      importGallery: (file) => importGallery(this.#engine.client, file),
      revealResult: (jobId) => {
        void this.#resultFile(jobId).then(({ file }) => shell.showItemInFolder(file), ignore);
      },
      showLibrary: () => this.#showLibrary(),
      openLibrary: () => this.#openLibrary(),
      dragOut: (window, jobIds) => void this.#dragOut(window, jobIds),
      setLanguage: (language) => {
        this.#state.update({ language });
        this.#texts = this.#textsOfUser();
        this.#buildMenu();
      },
    };
  }

  /** Asks where to, then has before and after written there as one picture. */
  async #saveBeforeAfter(window: BrowserWindow, request: BeforeAfterRequest): Promise<boolean | ApiError> {
    try {
      const { name } = await this.#resultFile(request.id);
      const defaultPath = path.join(app.getPath('pictures'), `${path.parse(name).name}-before-after.jpg`);
      const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath });
      if (canceled) return false;
      await this.#engine.client.compare.saveBeforeAfter.mutate({ ...request, file: filePath });
      return true;
    } catch (error) {
      return refusalOf(error);
    }
  }

  #showLibrary(): void {
    void shell.openPath(this.#library);
  }

  async #openLibrary(): Promise<ApiError | null> {
    const folder = await askForLibrary();
    if (folder === undefined || folder === this.#library) return null;
    try {
      probeLibrary(folder);
      await rememberLibrary(this.#rememberedIn, folder);
    } catch (error) {
      const { code, message, remedy } = toRasrError(error, folder);
      return { code, message, remedy };
    }
    this.#startsAgain = true;
    this.#quit.request();
    return null;
  }

  #resultFile(id: string) {
    return this.#engine.client.pictureFile.query({ kind: 'result-file', id });
  }

  async #dragOut(window: WebContents, jobIds: readonly string[]): Promise<void> {
    const item = await dragItem(this.#engine.client, jobIds);
    if (item !== null && !window.isDestroyed()) window.startDrag(item);
  }

  #tellWindow(command: WindowCommand): void {
    this.#window()?.webContents.send(CHANNELS.command, command);
  }

  #remember(paths: readonly string[]): void {
    if (paths.length === 0) return;
    for (const file of paths) app.addRecentDocument(file);
    this.#state.update({ recent: withRecent(this.#state.state.recent, paths) });
    this.#buildMenu();
  }

  #textsOfUser(): Texts {
    return textsIn(languageFor(this.#state.state.language, app.getPreferredSystemLanguages()));
  }

  #refreshMenu(batch: BatchProgress, before: BatchProgress | null): void {
    if (JSON.stringify(menuBatch(batch)) !== JSON.stringify(menuBatch(before))) this.#buildMenu();
  }

  #buildMenu(): void {
    const { client } = this.#engine;
    const template = menuTemplate(
      {
        platform: process.platform,
        developing: !app.isPackaged,
        recent: this.#state.state.recent,
        batch: menuBatch(this.#batch.latest),
      },
      this.#texts,
      {
        open: () => void askForPhotos('files', this.#texts).then((paths) => this.open(paths)),
        openFolder: () => void askForPhotos('folder', this.#texts).then((paths) => this.open(paths)),
        openRecent: (file) => this.open([file]),
        clearRecent: () => {
          app.clearRecentDocuments();
          this.#state.update({ recent: [] });
          this.#buildMenu();
        },
        showLibrary: () => this.#showLibrary(),
        tellWindow: (command) => this.#tellWindow(command),
        pause: () => void client.jobs.pause.mutate().catch(ignore),
        resume: () => void client.jobs.resume.mutate().catch(ignore),
        retryFailed: () => void client.jobs.retryFailed.mutate().catch(ignore),
      },
    );
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  #showProgress(batch: BatchProgress): void {
    const { value, mode } = taskbarProgress(batch);
    for (const window of BrowserWindow.getAllWindows()) window.setProgressBar(value, { mode });
  }

  #keepAwake(working: boolean): void {
    if (working) this.#awake ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (this.#awake !== null) {
      powerSaveBlocker.stop(this.#awake);
      this.#awake = null;
    }
  }

  #notify(batch: BatchProgress, before: BatchProgress | null): void {
    const notice = batchNotice(batch, before, this.#texts);
    if (notice === null || BrowserWindow.getFocusedWindow() !== null || !Notification.isSupported()) return;
    const notification = new Notification(notice);
    notification.on('click', () => this.focus());
    notification.show();
  }
}

/** The scheme of the app's own pages; before Electron is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** The engine is being started again: the window tells so. */
function ignore(): void {}
