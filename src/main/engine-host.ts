import { createTRPCClient, type TRPCClient } from '@trpc/client';
import type { AppRouter } from '../api/router.ts';
import { portLink } from '../api/transport/port-link.ts';
import { type EmitterPort, emitterPort } from '../api/transport/ports.ts';
import type { RasrError } from '../core/errors.ts';
import type { CurrentJob } from '../core/jobs/job.ts';
import type { MessageFromEngine, MessageToEngine } from './engine-process.ts';

/** What the app must know of its engine. */
export interface EngineHostEvents {
  /** The engine crashed and runs again: windows need a new port. */
  onRestart(): void;
  /** The library cannot be opened; nothing works until it can. */
  onRefused(refusal: Pick<RasrError, 'message' | 'remedy'>): void;
}

/** A process that serves the engine; Electron's `UtilityProcess` is one. */
export interface EngineProcess<Port extends EmitterPort> {
  postMessage(message: MessageToEngine, ports: Port[]): void;
  on(event: 'message', listener: (message: MessageFromEngine) => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
}

/** How engine processes and the ports to them are made. */
export interface EngineProcesses<Port extends EmitterPort> {
  /** Starts an engine on a library. */
  start(library: string): EngineProcess<Port>;
  /** Two ports joined to each other: one to keep, one to send to the engine. */
  channel(): { readonly ours: Port; readonly theirs: Port };
}

/** Keeps the engine's process running, and hands out ports to it. */
export class EngineHost<Port extends EmitterPort> {
  readonly #processes: EngineProcesses<Port>;
  readonly #library: string;
  readonly #events: EngineHostEvents;
  #process: EngineProcess<Port>;
  #client: TRPCClient<AppRouter>;
  #closing: Promise<void> | null = null;
  /** Ended, and not started again: there is nothing left to close. */
  #gone = false;

  constructor(processes: EngineProcesses<Port>, library: string, events: EngineHostEvents) {
    this.#processes = processes;
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
  openPort(trusted: boolean): Port {
    const { ours, theirs } = this.#processes.channel();
    this.#process.postMessage({ kind: 'port', trusted }, [theirs]);
    return ours;
  }

  /**
   * Lets the engine finish the photo at work or put it back into the queue, and end. May be called again to park
   * what is being finished.
   */
  close(current: CurrentJob): Promise<void> {
    if (this.#gone) return Promise.resolve();
    this.#closing ??= new Promise((resolve) => {
      this.#process.once('exit', () => resolve());
    });
    this.#process.postMessage({ kind: 'stop', current }, []);
    return this.#closing;
  }

  #start(): EngineProcess<Port> {
    const child = this.#processes.start(this.#library);
    let ready = false;
    child.on('message', (message) => {
      if (message.kind === 'ready') ready = true;
      else this.#events.onRefused(message);
    });
    child.once('exit', () => {
      if (this.#closing !== null) return;
      // An engine that ended before it was ready would only do so again.
      if (!ready) {
        this.#gone = true;
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

  #connect(): TRPCClient<AppRouter> {
    return createTRPCClient({ links: [portLink(emitterPort(this.openPort(true)))] });
  }
}
