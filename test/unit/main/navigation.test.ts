import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { describe, expect, it } from 'vitest';
import { refuseNavigation } from '../../../src/main/navigation.ts';

type Decide = (contents: unknown, permission: string, callback: (granted: boolean) => void) => void;

/** What `refuseNavigation` installs, in the shape Electron would call it. */
function installed() {
  const handlers: { open?: () => { action: string }; permission?: Decide } = {};
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: (handler: () => { action: string }) => {
      handlers.open = handler;
    },
    session: {
      setPermissionRequestHandler: (handler: Decide) => {
        handlers.permission = handler;
      },
    },
  });
  refuseNavigation(contents as unknown as WebContents);
  return { contents, handlers };
}

describe('refuseNavigation', () => {
  it.each(['will-navigate', 'will-attach-webview'])('prevents %s', (event) => {
    const { contents } = installed();
    let prevented = false;
    contents.emit(event, { preventDefault: () => (prevented = true) }, 'https://example.org');
    expect(prevented).toBe(true);
  });

  it('denies new windows', () => {
    expect(installed().handlers.open?.()).toEqual({ action: 'deny' });
  });

  it('denies every permission', () => {
    const answers: boolean[] = [];
    installed().handlers.permission?.(null, 'media', (granted) => answers.push(granted));
    expect(answers).toEqual([false]);
  });
});
