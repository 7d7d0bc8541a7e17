import type { TRPCErrorShape } from '@trpc/server/rpc';

/** What goes over a message port, client to server. `id` names one call. */
export type ClientMessage =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly type: 'query' | 'mutation' | 'subscription';
      readonly path: string;
      readonly input: unknown;
    }
  | { readonly kind: 'stop'; readonly id: number };

/** What comes back. A subscription answers with any number of `data`, then `done` or `error`. */
export type ServerMessage =
  | { readonly kind: 'data'; readonly id: number; readonly data: unknown }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'error'; readonly id: number; readonly error: TRPCErrorShape };

/** The part of a message port that both ends of the web's and Electron's ports can be brought to. */
export interface Port<In, Out> {
  send(message: Out): void;
  listen(onMessage: (message: In) => void): void;
}
