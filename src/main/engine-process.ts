import { serveOverPort } from '../api/transport/port-server.ts';
import { type EmitterPort, emitterPort } from '../api/transport/ports.ts';
import { RESOURCES, TOOL } from '../core/app-info.ts';
import { Engine } from '../core/engine.ts';
import { type RasrError, toRasrError } from '../core/errors.ts';
import type { CurrentJob } from '../core/jobs/job.ts';

/** What the main process tells the engine's process. A `port` message brings a port along. */
export type MessageToEngine =
  /** `trusted` is true for the main process itself, whose calls may name files by path. */
  | { readonly kind: 'port'; readonly trusted: boolean }
  /** `park` may follow `finish`. */
  | { readonly kind: 'stop'; readonly current: CurrentJob };

/** What the engine's process tells the main process: that it works, or that the library cannot be opened and why. */
export type MessageFromEngine =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'refused' } & Pick<RasrError, 'message' | 'remedy'>);

/** The engine's process as it sees the one that started it; Electron's `process.parentPort` is one. */
export interface ParentPort {
  on(event: 'message', listener: (event: ParentMessage) => void): unknown;
  postMessage(message: MessageFromEngine): void;
}

interface ParentMessage {
  readonly data: unknown;
  readonly ports: readonly ClosablePort[];
}

interface ClosablePort extends EmitterPort {
  on(event: 'close', listener: () => void): unknown;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
}

/** Opens the engine, serves the api over every port the parent sends, and ends the process when told to. */
export function serveEngine(library: string, parent: ParentPort): void {
  const opening = open(library);
  parent.on('message', ({ data, ports: [port] }) => {
    const message = data as MessageToEngine;
    opening.then(
      (engine) => {
        if (message.kind === 'stop') {
          void engine.close(message.current).then(() => process.exit(0));
        } else if (port !== undefined) {
          port.on('close', serveOverPort(emitterPort(port), { engine, trusted: message.trusted }));
        }
      },
      () => {
        // Why it could not be opened is told below.
        if (message.kind === 'stop') process.exit(1);
      },
    );
  });
  opening.then(
    () => parent.postMessage({ kind: 'ready' }),
    (error: unknown) => {
      const { message, remedy } = toRasrError(error, library);
      parent.postMessage({ kind: 'refused', message, remedy });
    },
  );
}

async function open(library: string): Promise<Engine> {
  const engine = await Engine.open({ library, resources: RESOURCES, tool: TOOL });
  engine.resume();
  return engine;
}
