import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { describe, expect, it } from 'vitest';
import {
  isLocal,
  type LockableSession,
  lockContents,
  lockSession,
  WEB_PREFERENCES,
} from '../../../src/main/lockdown.ts';

describe('WEB_PREFERENCES', () => {
  it('keep the page in its sandbox, apart from Node and the preload', () => {
    expect(WEB_PREFERENCES).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    });
  });
});

describe('lockContents', () => {
  /** What it installs, in the shape Electron would call it. */
  function locked() {
    const handlers: { open?: () => { action: string } } = {};
    const contents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler: (handler: () => { action: string }) => {
        handlers.open = handler;
      },
    });
    lockContents(contents as unknown as WebContents);
    return { contents, handlers };
  }

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    'prevents %s',
    (event) => {
      const { contents } = locked();
      let prevented = false;
      contents.emit(event, { preventDefault: () => (prevented = true) }, 'https://example.org');
      expect(prevented).toBe(true);
    },
  );

  it('denies new windows', () => {
    expect(locked().handlers.open?.()).toEqual({ action: 'deny' });
  });
});

describe('lockSession', () => {
  interface Installed {
    request?: (contents: null, permission: string, decide: (granted: boolean) => void) => void;
    check?: (contents: null, permission: string) => boolean;
    device?: (details: object) => boolean;
    before?: (details: { url: string }, decide: (answer: { cancel: boolean }) => void) => void;
  }
  function locked() {
    const installed: Installed = {};
    const session = Object.assign(new EventEmitter(), {
      setPermissionRequestHandler: (handler: Installed['request']) =>
        Object.assign(installed, { request: handler }),
      setPermissionCheckHandler: (handler: Installed['check']) =>
        Object.assign(installed, { check: handler }),
      setDevicePermissionHandler: (handler: Installed['device']) =>
        Object.assign(installed, { device: handler }),
      webRequest: {
        onBeforeRequest: (handler: Installed['before']) => Object.assign(installed, { before: handler }),
      },
    });
    lockSession(session as unknown as LockableSession);
    return { session, installed };
  }

  it('denies every permission and device', () => {
    const { installed } = locked();
    const answers: boolean[] = [];
    for (const permission of ['media', 'notifications', 'geolocation', 'fileSystem', 'openExternal']) {
      installed.request?.(null, permission, (granted) => answers.push(granted));
      answers.push(installed.check?.(null, permission) ?? true);
    }
    answers.push(installed.device?.({ deviceType: 'usb' }) ?? true);
    expect(answers).toHaveLength(11);
    expect(answers).not.toContain(true);
  });

  it('cancels what is not the app itself', () => {
    const { installed } = locked();
    const cancelled = (url: string) => {
      let answer: boolean | undefined;
      installed.before?.({ url }, ({ cancel }) => {
        answer = cancel;
      });
      return answer;
    };
    for (const url of [
      'https://example.org/a.js',
      'http://127.0.0.1/',
      'file:///etc/passwd',
      'ws://x.org',
      'ftp://x',
    ]) {
      expect(cancelled(url), url).toBe(true);
    }
    for (const url of ['rasr://app/index.html', 'data:image/png;base64,', 'blob:rasr://app/1-2']) {
      expect(cancelled(url), url).toBe(false);
    }
  });

  it('prevents downloads', () => {
    const { session } = locked();
    let prevented = false;
    session.emit('will-download', { preventDefault: () => (prevented = true) });
    expect(prevented).toBe(true);
  });
});

describe('isLocal', () => {
  it('knows no nonsense', () => {
    expect(isLocal('')).toBe(false);
    expect(isLocal('rasr')).toBe(false);
    expect(isLocal('javascript:alert(1)')).toBe(false);
  });
});
