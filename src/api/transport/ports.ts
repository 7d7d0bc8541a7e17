import type { Port } from './messages.ts';

/** The web's kind of message port: `MessagePort` in browsers, workers and Node. */
interface WebPort {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  start(): void;
}

/** Electron's kind, as the main and utility processes have it: events through `on`. */
export interface EmitterPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  start(): void;
}

/** Brings a web message port to our {@link Port}. Both ends are our own code, hence the cast. */
export function webPort<In, Out>(port: WebPort): Port<In, Out> {
  return {
    send: (message) => port.postMessage(message),
    listen(onMessage) {
      port.addEventListener('message', ({ data }) => onMessage(data as In));
      port.start();
    },
  };
}

/** Brings one of Electron's `MessagePortMain` to our {@link Port}. */
export function emitterPort<In, Out>(port: EmitterPort): Port<In, Out> {
  return {
    send: (message) => port.postMessage(message),
    listen(onMessage) {
      port.on('message', ({ data }) => onMessage(data as In));
      port.start();
    },
  };
}
