import path from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { START_PAGE } from './app-protocol.ts';
import type { HostStateFile } from './host-state.ts';
import { WEB_PREFERENCES } from './lockdown.ts';
import { type Area, MINIMUM_SIZE, placeWindow } from './window-state.ts';

/** The page's own background, so that opening does not flash. */
const BACKGROUND = { light: '#ffffff', dark: '#212121' };

/** Moving a window sends many events; its place is kept once it rests. */
const REST_MS = 500;

/** Opens the window where it was, and keeps its place from then on. */
export function openMainWindow(state: HostStateFile): BrowserWindow {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id);
  const areas: [Area, ...Area[]] = [main.workArea, ...others.map(({ workArea }) => workArea)];
  const { maximised, ...bounds } = placeWindow(state.state.window, areas);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: { ...WEB_PREFERENCES, preload: path.join(import.meta.dirname, '../preload/index.cjs') },
  });
  keepPlace(window, state);
  window.once('ready-to-show', () => {
    if (maximised) window.maximize();
    window.show();
  });
  void window.loadURL(START_PAGE);
  return window;
}

function keepPlace(window: BrowserWindow, state: HostStateFile): void {
  let timer: NodeJS.Timeout | undefined;
  const keep = () => {
    clearTimeout(timer);
    state.update({ window: { ...window.getNormalBounds(), maximised: window.isMaximized() } });
  };
  const keepSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, REST_MS);
  };
  window.on('resize', keepSoon);
  window.on('move', keepSoon);
  window.on('maximize', keepSoon);
  window.on('unmaximize', keepSoon);
  window.on('close', keep);
  window.on('closed', () => clearTimeout(timer));
}
