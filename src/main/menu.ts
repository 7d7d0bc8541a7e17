import path from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import type { WindowCommand } from '../api/electron-bridge.ts';
import type { BatchProgress } from '../core/jobs/batch.ts';
import { isWorking } from './batch-feed.ts';
import type { MessageKey, Texts } from './messages.ts';

/** What the menus depend on. */
export interface MenuState {
  readonly platform: NodeJS.Platform;
  /** Run from a clone: reload and the developer tools are at hand. */
  readonly developing: boolean;
  /** Paths, newest first; macOS keeps its own list. */
  readonly recent: readonly string[];
  readonly batch: MenuBatch;
}

/** What can be done with the batch. */
export interface MenuBatch {
  readonly working: boolean;
  readonly paused: boolean;
  readonly failed: boolean;
}

/** What the menus do. */
export interface MenuActions {
  open(): void;
  openFolder(): void;
  openRecent(file: string): void;
  clearRecent(): void;
  showLibrary(): void;
  tellWindow(command: WindowCommand): void;
  pause(): void;
  resume(): void;
  retryFailed(): void;
}

type Item = MenuItemConstructorOptions;
const LINE: Item = { type: 'separator' };

/** The part of a batch the menus show: they are built anew when it changes, not with every tile. */
export function menuBatch(batch: BatchProgress | null): MenuBatch {
  return {
    working: batch !== null && isWorking(batch),
    paused: batch?.paused ?? false,
    failed: (batch?.failed ?? 0) > 0,
  };
}

/** The app's menu bar: on macOS with the app's own menu, elsewhere with settings, exit and about where they are sought. */
export function menuTemplate(state: MenuState, texts: Texts, actions: MenuActions): Item[] {
  const mac = state.platform === 'darwin';
  return [
    ...(mac ? [appMenu(texts, actions)] : []),
    { label: texts('menuFile'), submenu: fileItems(state, texts, actions) },
    { label: texts('menuEdit'), submenu: editItems(texts) },
    { label: texts('menuView'), submenu: viewItems(state, texts, actions) },
    { label: texts('menuBatch'), submenu: batchItems(state.batch, texts, actions) },
    ...(mac ? [windowMenu(texts)] : []),
    {
      role: 'help',
      label: texts('menuHelp'),
      submenu: [
        { label: texts('showLibrary'), click: () => actions.showLibrary() },
        ...(mac ? [] : [LINE, withRole('about', texts('about'))]),
      ],
    },
  ];
}

function appMenu(texts: Texts, actions: MenuActions): Item {
  return {
    label: 'RASR',
    submenu: [
      withRole('about', texts('about')),
      LINE,
      settingsItem(texts, actions),
      LINE,
      withRole('services', texts('services')),
      LINE,
      withRole('hide', texts('hide')),
      withRole('hideOthers', texts('hideOthers')),
      withRole('unhide', texts('showAll')),
      LINE,
      withRole('quit', texts('quit')),
    ],
  };
}

function fileItems({ platform, recent }: MenuState, texts: Texts, actions: MenuActions): Item[] {
  const mac = platform === 'darwin';
  return [
    { label: texts('open'), accelerator: 'CmdOrCtrl+O', click: () => actions.open() },
    { label: texts('openFolder'), accelerator: 'CmdOrCtrl+Shift+O', click: () => actions.openFolder() },
    mac ? macRecentMenu(texts) : recentMenu(recent, texts, actions),
    LINE,
    {
      label: texts('saveResult'),
      accelerator: 'CmdOrCtrl+S',
      click: () => actions.tellWindow({ kind: 'save-result' }),
    },
    {
      label: texts(REVEAL[platform] ?? 'revealResultOther'),
      accelerator: 'CmdOrCtrl+Shift+R',
      click: () => actions.tellWindow({ kind: 'reveal-result' }),
    },
    LINE,
    ...(mac
      ? [withRole('close', texts('closeWindow'))]
      : [
          settingsItem(texts, actions),
          LINE,
          withRole('quit', texts(platform === 'win32' ? 'exit' : 'quit')),
        ]),
  ];
}

const REVEAL: Partial<Record<NodeJS.Platform, MessageKey>> = {
  darwin: 'revealResultMac',
  win32: 'revealResultWindows',
};

/** The system fills it with what `app.addRecentDocument` told. */
function macRecentMenu(texts: Texts): Item {
  return {
    role: 'recentDocuments',
    label: texts('openRecent'),
    submenu: [withRole('clearRecentDocuments', texts('clearRecent'))],
  };
}

function recentMenu(recent: readonly string[], texts: Texts, actions: MenuActions): Item {
  return {
    label: texts('openRecent'),
    enabled: recent.length > 0,
    submenu: [
      ...recent.map((file) => ({
        // `&` in a file's name is no mnemonic.
        label: path.basename(file).replaceAll('&', '&&'),
        toolTip: file,
        click: () => actions.openRecent(file),
      })),
      LINE,
      { label: texts('clearRecent'), click: () => actions.clearRecent() },
    ],
  };
}

function settingsItem(texts: Texts, actions: MenuActions): Item {
  return {
    label: texts('settings'),
    accelerator: 'CmdOrCtrl+,',
    click: () => actions.tellWindow({ kind: 'show', view: 'settings' }),
  };
}

function editItems(texts: Texts): Item[] {
  return [
    withRole('undo', texts('undo')),
    withRole('redo', texts('redo')),
    LINE,
    withRole('cut', texts('cut')),
    withRole('copy', texts('copy')),
    withRole('paste', texts('paste')),
    withRole('delete', texts('delete')),
    LINE,
    withRole('selectAll', texts('selectAll')),
  ];
}

function viewItems({ developing }: MenuState, texts: Texts, actions: MenuActions): Item[] {
  const views = [
    ['restore', 'viewRestore'],
    ['galleries', 'viewGalleries'],
    ['models', 'viewModels'],
  ] as const;
  return [
    ...views.map(([view, key], i) => ({
      label: texts(key),
      accelerator: `CmdOrCtrl+${i + 1}`,
      click: () => actions.tellWindow({ kind: 'show', view }),
    })),
    LINE,
    withRole('resetZoom', texts('actualSize')),
    withRole('zoomIn', texts('zoomIn')),
    withRole('zoomOut', texts('zoomOut')),
    LINE,
    withRole('togglefullscreen', texts('fullScreen')),
    ...(developing
      ? [LINE, withRole('reload', texts('reload')), withRole('toggleDevTools', texts('developerTools'))]
      : []),
  ];
}

function batchItems({ working, paused, failed }: MenuBatch, texts: Texts, actions: MenuActions): Item[] {
  return [
    paused
      ? { label: texts('resume'), accelerator: 'CmdOrCtrl+Shift+P', click: () => actions.resume() }
      : {
          label: texts('pause'),
          accelerator: 'CmdOrCtrl+Shift+P',
          enabled: working,
          click: () => actions.pause(),
        },
    { label: texts('retryFailed'), enabled: failed, click: () => actions.retryFailed() },
  ];
}

function windowMenu(texts: Texts): Item {
  return {
    role: 'window',
    label: texts('menuWindow'),
    submenu: [
      withRole('minimize', texts('minimise')),
      withRole('zoom', texts('zoomWindow')),
      LINE,
      withRole('front', texts('bringAllToFront')),
    ],
  };
}

/** The system's own item, with its usual shortcut, in the user's language. */
function withRole(role: NonNullable<Item['role']>, label: string): Item {
  return { role, label };
}
