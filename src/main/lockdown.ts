import type { Session, WebContents, WebPreferences } from 'electron';
import { SCHEME } from './app-protocol.ts';

/** How every window runs: sandboxed, apart from Node and from the preload's own world, with no plugins or webviews. */
export const WEB_PREFERENCES: WebPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  // Dictionaries would be fetched from the network.
  spellcheck: false,
};

/** Schemes a page may load from: our own, and what it makes itself. */
const LOCAL = new Set([`${SCHEME}:`, 'data:', 'blob:', 'devtools:']);

/** Keeps a page where it is: no navigation, no new windows, no webviews. */
export function lockContents(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** The part of a session the lock is put on. */
export type LockableSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'on'
> & {
  readonly webRequest: Pick<Session['webRequest'], 'onBeforeRequest'>;
};

/** Keeps a session to itself: no permission, no device, no download, nothing from the network. */
export function lockSession(session: LockableSession): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !isLocal(url) }));
  session.on('will-download', (event) => event.preventDefault());
}

/** Whether an address leads to the app itself. */
export function isLocal(address: string): boolean {
  return LOCAL.has(URL.parse(address)?.protocol ?? '');
}
