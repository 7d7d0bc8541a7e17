import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { RasrError, toRasrError } from '../core/errors.ts';
import type { ServeOptions } from './serve.ts';

/** What the engine's process tells its supervisor. */
export type ChildMessage =
  | { readonly kind: 'listening'; readonly port: number }
  /** The user wants the library in another folder, which has been found to be usable. */
  | { readonly kind: 'go over'; readonly folder: string }
  | {
      readonly kind: 'refused';
      readonly code: RasrError['code'];
      readonly message: string;
      readonly remedy: string;
    };

/** Marks the process that does the work; its options come by message. */
export const CHILD_FLAG = 'RASR_SERVER_PROCESS';

/** What the host is told. */
export interface SupervisorEvents {
  /** The engine crashed and is being started again. */
  onRestart(): void;
  /** The user goes over to the library in another folder. */
  onGoOver(folder: string): void;
  /** It could not be started again. */
  onGone(error: RasrError): void;
}

/** A server whose engine is restarted, on the same port and with the same token, should it crash. */
export interface SupervisedServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Runs the server in a child process: a crash in native code costs one photo, not the session. The queue
 * is in the library, so the new process goes on where the old one was.
 *
 * @param script the program to fork; it must call `runServerProcess` where {@link CHILD_FLAG} is set
 * @param events told what happens to the engine later on
 * @throws RasrError where the first start fails
 */
export async function superviseServer(
  script: string,
  options: Omit<ServeOptions, 'token'>,
  events: SupervisorEvents,
): Promise<SupervisedServer> {
  const token = randomBytes(24).toString('base64url');
  let closing = false;
  let { library } = options;
  let child: ChildProcess;

  async function start(port: number): Promise<number> {
    const started = startChild(script, { library, port, token });
    child = started.child;
    const listening = await started.listening;
    let next = library;
    child.on('message', (message: ChildMessage) => {
      if (message.kind !== 'go over') return;
      next = message.folder;
      child.kill('SIGTERM');
    });
    child.once('exit', () => {
      if (closing) return process.exit(0);
      void restart(listening, next).catch((error: unknown) => events.onGone(toRasrError(error, library)));
    });
    return listening;
  }

  async function restart(port: number, next: string): Promise<void> {
    if (next === library) events.onRestart();
    else {
      const before = library;
      library = next;
      try {
        await start(port);
        return events.onGoOver(library);
      } catch {
        // It could be opened a moment ago. Better the old one than none.
        library = before;
      }
    }
    await start(port);
  }

  const port = await start(options.port);
  return {
    url: `http://127.0.0.1:${port}/?token=${token}`,
    async close() {
      closing = true;
      child.kill('SIGTERM');
    },
  };
}

function startChild(
  script: string,
  options: ServeOptions,
): { child: ChildProcess; listening: Promise<number> } {
  const child = fork(script, [], { env: { ...process.env, [CHILD_FLAG]: '1' } });
  child.send(options);
  const listening = new Promise<number>((resolve, reject) => {
    child.once('message', (message: ChildMessage) => {
      if (message.kind === 'listening') resolve(message.port);
      else if (message.kind === 'refused')
        reject(new RasrError(message.code, message.message, message.remedy));
    });
    child.once('exit', (code) => {
      reject(
        new RasrError(
          'ENGINE_STOPPED',
          `The engine ended with code ${code} before it was ready.`,
          'Run "rasr doctor".',
        ),
      );
    });
  });
  return { child, listening };
}
