import { serveOverPort } from '../api/transport/port-server.ts';
import { emitterPort } from '../api/transport/ports.ts';
import { RESOURCES, TOOL } from '../core/app-info.ts';
import { Engine } from '../core/engine.ts';
import { type RasrError, toRasrError } from '../core/errors.ts';

/** What the main process tells the engine's process. A `port` message brings a port along. */
export type MessageToEngine =
  /** `trusted` is true for the main process itself, whose calls may name files by path. */
  { readonly kind: 'port'; readonly trusted: boolean } | { readonly kind: 'stop' };

/** What the engine's process tells the main process: that it works, or that the library cannot be opened and why. */
export type MessageFromEngine =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'refused' } & Pick<RasrError, 'message' | 'remedy'>);

/**
 * The engine's own process in the Electron app (`utilityProcess`): a crash in native code ends this process
 * and not the window. Serves the api over every port it is sent.
 */
function run(library: string): void {
  const opening = open(library);
  process.parentPort.on('message', ({ data, ports: [port] }) => {
    const message = data as MessageToEngine;
    void opening.then((engine) => {
      if (message.kind === 'stop') {
        void engine.close().then(() => process.exit(0));
      } else if (port !== undefined) {
        port.on('close', serveOverPort(emitterPort(port), { engine, trusted: message.trusted }));
      }
    });
  });
  const tell = (message: MessageFromEngine) => process.parentPort.postMessage(message);
  opening.then(
    () => tell({ kind: 'ready' }),
    (error: unknown) => {
      const { message, remedy } = toRasrError(error, library);
      tell({ kind: 'refused', message, remedy });
    },
  );
}

async function open(library: string): Promise<Engine> {
  const engine = await Engine.open({ library, resources: RESOURCES, tool: TOOL });
  engine.resume();
  return engine;
}

const [library] = process.argv.slice(2);
if (library === undefined) throw new Error('The engine process needs the library folder as its argument.');
run(library);
