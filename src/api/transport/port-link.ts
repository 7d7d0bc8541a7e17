import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { AppRouter } from '../router.ts';
import type { ClientMessage, Port, ServerMessage } from './messages.ts';

/** A tRPC link over a message port: Electron's transport. The other end is `serveOverPort`. */
export function portLink(port: Port<ServerMessage, ClientMessage>): TRPCLink<AppRouter> {
  const listeners = new Map<number, (message: ServerMessage) => void>();
  let lastId = 0;
  port.listen((message) => listeners.get(message.id)?.(message));

  return () =>
    ({ op: { type, path, input, signal } }) =>
      observable((observer) => {
        const id = ++lastId;
        listeners.set(id, (message) => {
          if (message.kind === 'error') {
            listeners.delete(id);
            observer.error(TRPCClientError.from({ error: message.error } as never));
          } else if (message.kind === 'done') {
            listeners.delete(id);
            observer.complete();
          } else {
            observer.next({ result: { type: 'data', data: message.data } });
            if (type === 'subscription') return;
            listeners.delete(id);
            observer.complete();
          }
        });
        const stop = () => {
          if (listeners.delete(id)) port.send({ kind: 'stop', id });
        };
        signal?.addEventListener('abort', stop, { once: true });
        port.send({ kind: 'call', id, type, path, input });
        return stop;
      });
}
