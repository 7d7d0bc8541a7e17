import { EventEmitter } from 'node:events';

/** What goes between a process and the engine's process it started, standing for Electron's messages and ports. */
export type Wire =
  | { readonly kind: 'message'; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown };

/** A message port as Electron has them, whose other end is in another process. */
export class WiredPort extends EventEmitter<{ message: [{ data: unknown }]; close: [] }> {
  #send: ((data: unknown) => void) | null = null;
  readonly #unsent: unknown[] = [];
  readonly #unread: unknown[] = [];
  #started = false;

  /** Joins it to the other process; what was posted before goes out now. */
  wire(send: (data: unknown) => void): void {
    this.#send = send;
    for (const data of this.#unsent.splice(0)) send(data);
  }

  postMessage(data: unknown): void {
    if (this.#send === null) this.#unsent.push(data);
    else this.#send(data);
  }

  /** What the other end posted; kept until someone has begun to listen. */
  receive(data: unknown): void {
    if (this.#started) this.emit('message', { data });
    else this.#unread.push(data);
  }

  start(): void {
    this.#started = true;
    for (const data of this.#unread.splice(0)) this.emit('message', { data });
  }
}
