import path from 'node:path';
import { createTRPCClient, type TRPCClient } from '@trpc/client';
import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import type { AppRouter } from '../api/router.ts';
import { portLink } from '../api/transport/port-link.ts';
import { emitterPort } from '../api/transport/ports.ts';
import type { RasrError } from '../core/errors.ts';
import type { MessageFromEngine, MessageToEngine } from './engine-process.ts';

/** What the app must know of its engine. */
export interface EngineHostEvents {
  /** The engine crashed and runs again: windows need a new port. */
  onRestart(): void;
  /** The library cannot be opened; nothing works until it can. */
  onRefused(refusal: Pick<RasrError, 'message' | 'remedy'>): void;
}

/** Keeps the engine's process running, and hands out ports to it. */
export class EngineHost {
  readonly #library: string;
  readonly #events: EngineHostEvents;
  #process: UtilityProcess;
  #client: TRPCClient<AppRouter>;
  #closing = false;

  constructor(library: string, events: EngineHostEvents) {
    this.#library = library;
    this.#events = events;
    this.#process = this.#start();
    this.#client = this.#connect();
  }

  /** The main process' own client. */
  get client(): TRPCClient<AppRouter> {
    return this.#client;
  }

  /** A port to the engine: `trusted` ones may name files by path. */
  openPort(trusted: boolean): MessagePortMain {
    const { port1, port2 } = new MessageChannelMain();
    this.#tell({ kind: 'port', trusted }, [port1]);
    return port2;
  }

  /** Lets the engine put its running job back into the queue and end. */
  close(): Promise<void> {
    this.#closing = true;
    return new Promise((resolve) => {
      this.#process.once('exit', () => resolve());
      this.#tell({ kind: 'stop' });
    });
  }

  #start(): UtilityProcess {
    const child = utilityProcess.fork(path.join(import.meta.dirname, 'engine.js'), [this.#library], {
      serviceName: 'RASR engine',
    });
    let ready = false;
    child.on('message', (message: MessageFromEngine) => {
      if (message.kind === 'ready') ready = true;
      else this.#events.onRefused(message);
    });
    child.once('exit', () => {
      if (this.#closing) return;
      // An engine that ended before it was ready would only do so again.
      if (!ready) {
        const message = 'The engine of RASR stopped before it was ready.';
        this.#events.onRefused({ message, remedy: 'Run "rasr doctor", or install RASR again.' });
        return;
      }
      this.#process = this.#start();
      this.#client = this.#connect();
      this.#events.onRestart();
    });
    return child;
  }

  #tell(message: MessageToEngine, ports: MessagePortMain[] = []): void {
    this.#process.postMessage(message, ports);
  }

  #connect(): TRPCClient<AppRouter> {
    return createTRPCClient({ links: [portLink(emitterPort(this.openPort(true)))] });
  }
}
