import { existsSync } from 'node:fs';
import path from 'node:path';
import { serve, type WebSocketServerLike } from '@hono/node-server';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import type { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import { appRouter } from '../api/router.ts';
import { APP_ROOT, RESOURCES, TOOL } from '../core/app-info.ts';
import { Engine } from '../core/engine.ts';
import { RasrError } from '../core/errors.ts';
import { createApp, windowContext } from './app.ts';

/** Bytes of a message from a window: photos come another way. */
const MAX_MESSAGE_BYTES = 1_000_000;

export interface ServeOptions {
  readonly library: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly token: string;
}

/** A running server. */
export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts the engine and the web host on 127.0.0.1, in this process.
 *
 * @param goOver ends this process and begins with the library in another folder
 * @throws RasrError where the library is in use, the renderer is not built, or the port is taken
 */
export async function startServer(
  { library, port, token }: ServeOptions,
  goOver: (library: string) => void,
): Promise<RunningServer> {
  const renderer = path.join(APP_ROOT, 'out', 'renderer');
  if (!existsSync(path.join(renderer, 'index.html'))) {
    throw new RasrError('FILE_MISSING', 'The window is not built yet.', 'Run "npm run build" first.');
  }
  const engine = await Engine.open({ library, resources: RESOURCES, tool: TOOL });
  try {
    engine.resume();
    return await listen(engine, createApp(engine, renderer, token, goOver), port);
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function listen(engine: Engine, { fetch }: Hono, port: number): Promise<RunningServer> {
  return new Promise((resolve, reject) => {
    const events = serveEvents(engine);
    // The same by its documentation; the types differ in what may be undefined.
    const websocket = { server: events as unknown as WebSocketServerLike };
    const server = serve({ fetch, port, hostname: '127.0.0.1', websocket }, (address) => {
      resolve({
        port: address.port,
        async close() {
          server.close();
          // Windows keep theirs open for as long as they are.
          for (const window of events.clients) window.terminate();
          if ('closeAllConnections' in server) server.closeAllConnections();
          await engine.close();
        },
      });
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new RasrError('LIBRARY_UNUSABLE', `Port ${port} is taken.`, 'Use --port 0 for any free port.')
          : error,
      );
    });
  });
}

/** What windows listen to, all of it over one web socket each. */
function serveEvents(engine: Engine): WebSocketServer {
  const wss = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  applyWSSHandler({ wss, router: appRouter, createContext: () => windowContext(engine) });
  return wss;
}
