import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './global.css';
import { notifications } from '@mantine/notifications';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { ElectronBridge } from '../api/electron-bridge.ts';
import type { ApiError } from '../api/trpc.ts';
import { createApi } from './api.ts';
import { App } from './app.tsx';
import { electronHost } from './host/electron.ts';
import { refusalInWords } from './host/engine-words.ts';
import { webHost } from './host/web.ts';
import { declareLanguage, speak } from './i18n/i18n.ts';

declare global {
  interface Window {
    /** The preload's bridge; only in the Electron app. */
    readonly rasr?: ElectronBridge;
  }
}

/** How long the window waits for the library's settings before it opens without them. */
const PATIENCE_MS = 1000;

declareLanguage(document);
const bridge = window.rasr;
const api = await createApi(bridge, (error: ApiError) => {
  const { message, remedy } = refusalInWords(error);
  notifications.show({ color: 'red', title: message, message: remedy, autoClose: 10_000 });
});

// An engine that does not answer is told of in the window.
const settings = await Promise.race([
  api.queryClient.fetchQuery(api.query.settings.window.queryOptions()).catch(() => null),
  new Promise<null>((resolve) => setTimeout(resolve, PATIENCE_MS, null)),
]);
await speak(settings?.language ?? null);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App
      api={api}
      host={bridge === undefined ? webHost : electronHost(bridge)}
      theme={settings?.theme ?? 'auto'}
    />
  </StrictMode>,
);
