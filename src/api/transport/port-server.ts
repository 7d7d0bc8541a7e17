import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape } from '@trpc/server';
import { appRouter } from '../router.ts';
import type { ApiContext } from '../trpc.ts';
import type { ClientMessage, Port, ServerMessage } from './messages.ts';

/**
 * Serves the api over a message port, calls and subscriptions alike, until the port closes.
 * The client's end is `portLink`.
 *
 * @returns a function that ends all running subscriptions, for when the port has closed
 */
export function serveOverPort(port: Port<ClientMessage, ServerMessage>, context: ApiContext): () => void {
  const running = new Map<number, AbortController>();

  async function answer(call: Extract<ClientMessage, { kind: 'call' }>): Promise<void> {
    const { id, path, type, input } = call;
    const abort = new AbortController();
    running.set(id, abort);
    try {
      const result: unknown = await callTRPCProcedure({
        router: appRouter,
        path,
        type,
        ctx: context,
        getRawInput: () => Promise.resolve(input),
        signal: abort.signal,
        batchIndex: 0,
      });
      if (type === 'subscription') {
        for await (const data of result as AsyncIterable<unknown>) port.send({ kind: 'data', id, data });
        port.send({ kind: 'done', id });
      } else {
        port.send({ kind: 'data', id, data: result });
      }
    } catch (cause) {
      if (abort.signal.aborted) return;
      const error = getTRPCErrorFromUnknown(cause);
      const { _config: config } = appRouter._def;
      port.send({
        kind: 'error',
        id,
        error: getTRPCErrorShape({ config, error, type, path, input, ctx: context }),
      });
    } finally {
      running.delete(id);
    }
  }

  port.listen((message) => {
    if (message.kind === 'call') void answer(message);
    else running.get(message.id)?.abort();
  });
  return () => {
    for (const abort of running.values()) abort.abort();
  };
}
