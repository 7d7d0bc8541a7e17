import { existsSync } from 'node:fs';
import path from 'node:path';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { APP_ROOT, RESOURCES, TOOL } from '../core/app-info.ts';
import { Engine } from '../core/engine.ts';
import { RasrError } from '../core/errors.ts';
import { createApp } from './app.ts';

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
    const server = serve({ fetch, port, hostname: '127.0.0.1' }, (address) => {
      resolve({
        port: address.port,
        async close() {
          server.close();
          // Event streams stay open for as long as a window is: they end with the server.
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
