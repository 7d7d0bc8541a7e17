import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EngineProcess, EngineProcesses } from '../../src/main/engine-host.ts';
import type { MessageFromEngine } from '../../src/main/engine-process.ts';
import { type Wire, WiredPort } from './wired-port.ts';

const SUPPORT = import.meta.dirname;
const ENGINE = path.join(SUPPORT, '..', '..', 'src', 'main', 'engine.ts');

/** The engine in Node's own child processes, which stand for Electron's utility processes. */
export class ChildEngines implements EngineProcesses<WiredPort> {
  /** All that were started, the last one last. */
  readonly started: ChildProcess[] = [];
  readonly #script: string;
  readonly #others = new WeakMap<WiredPort, WiredPort>();
  #lastPort = 0;

  /** @param script the program of the engine's process */
  constructor(script = ENGINE) {
    this.#script = script;
  }

  channel(): { ours: WiredPort; theirs: WiredPort } {
    const ours = new WiredPort();
    const theirs = new WiredPort();
    this.#others.set(theirs, ours);
    return { ours, theirs };
  }

  start(library: string): EngineProcess<WiredPort> {
    const parentPort = pathToFileURL(path.join(SUPPORT, 'parent-port.ts')).href;
    const child = fork(this.#script, [library], {
      execArgv: ['--import', parentPort],
      serialization: 'advanced',
    });
    this.started.push(child);
    const ports = new Map<number, WiredPort>();
    const send = (wire: Wire) => {
      // To a process that has crashed nothing can be sent: Electron drops it, too.
      if (child.connected) child.send(wire);
    };
    child.on('message', (wire: Wire) => {
      if (wire.kind === 'port') ports.get(wire.port)?.receive(wire.data);
    });
    return {
      postMessage: (data, theirs) => {
        const ids = theirs.map((port) => {
          const id = ++this.#lastPort;
          const ours = this.#others.get(port)!;
          ports.set(id, ours);
          return { id, ours };
        });
        send({ kind: 'message', data, ports: ids.map(({ id }) => id) });
        for (const { id, ours } of ids)
          ours.wire((message) => send({ kind: 'port', port: id, data: message }));
      },
      on: (_event, listener) =>
        child.on('message', (wire: Wire) => {
          if (wire.kind === 'message') listener(wire.data as MessageFromEngine);
        }),
      once: (_event, listener) => child.once('exit', (code) => listener(code ?? -1)),
    };
  }
}
