import { EventEmitter } from 'node:events';
import path from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';

/**
 * The few parts of Electron that the engine's host uses, over Node's own threads and ports, so that the host and
 * the engine's process run for real where Electron's program is missing. Event shapes are Electron's.
 */
class PortMain {
  readonly node: MessagePort;

  constructor(node: MessagePort) {
    this.node = node;
  }

  postMessage(message: unknown): void {
    this.node.postMessage(message);
  }

  on(event: 'message' | 'close', listener: (event: { data: unknown }) => void): this {
    this.node.on(event, (data: unknown) => listener({ data }));
    return this;
  }

  start(): void {
    this.node.start();
  }

  close(): void {
    this.node.close();
  }
}

export class MessageChannelMain {
  readonly port1: PortMain;
  readonly port2: PortMain;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new PortMain(port1);
    this.port2 = new PortMain(port2);
  }
}

class UtilityProcess extends EventEmitter {
  readonly #worker: Worker;

  constructor(script: string, argv: readonly string[]) {
    super();
    this.#worker = new Worker(path.join(import.meta.dirname, 'utility-process.ts'), {
      argv: [...argv],
      workerData: { script },
    });
    this.#worker.on('message', (message: unknown) => this.emit('message', message));
    this.#worker.once('exit', (code) => this.emit('exit', code));
  }

  postMessage(message: unknown, ports: readonly PortMain[] = []): void {
    const nodePorts = ports.map(({ node }) => node);
    this.#worker.postMessage({ data: message, ports: nodePorts }, nodePorts);
  }

  kill(): boolean {
    void this.#worker.terminate();
    return true;
  }
}

/** Every process that was forked, the newest last. */
export const forked: UtilityProcess[] = [];

export const utilityProcess = {
  fork(_built: string, argv: readonly string[]): UtilityProcess {
    const child = new UtilityProcess(path.resolve('src/main/engine-process.ts'), argv);
    forked.push(child);
    return child;
  },
};
