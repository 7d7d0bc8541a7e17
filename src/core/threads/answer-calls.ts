import { parentPort, type TransferListItem } from 'node:worker_threads';
import type { Answer, Call } from './worker-thread.ts';

/**
 * Makes this thread the other end of a `WorkerThread`.
 *
 * @param transferred what of a result is handed over instead of copied
 */
export function answerCalls<Request, Result>(
  perform: (request: Request) => Result | Promise<Result>,
  transferred: (result: Result) => readonly TransferListItem[] = () => [],
): void {
  parentPort?.on('message', ({ call, request }: Call<Request>) => {
    void Promise.resolve(request)
      .then(perform)
      .then(
        (result) => parentPort?.postMessage({ call, result } satisfies Answer<Result>, transferred(result)),
        (error: unknown) =>
          parentPort?.postMessage({
            call,
            error: error instanceof Error ? error.message : String(error),
          } satisfies Answer<Result>),
      );
  });
}
