import path from 'node:path';
import { type TransferListItem, Worker } from 'node:worker_threads';
import { APP_ROOT, onDisk } from '../app-info.ts';

/** One question to a thread, and its answer under the same number. */
export interface Call<Request> {
  readonly call: number;
  readonly request: Request;
}
export type Answer<Result> =
  | { readonly call: number; readonly result: Result }
  | { readonly call: number; readonly error: string };

/**
 * A thread that answers one request after another. It starts with the first one; while it runs it keeps the
 * process from ending, so whoever asks also ends it.
 */
export class WorkerThread<Request, Result extends { readonly kind: string }> {
  readonly #script: string;
  readonly #title: string;
  #worker: Worker | null = null;
  #lastCall = 0;
  readonly #waiting = new Map<number, PromiseWithResolvers<Result>>();

  /**
   * @param module the caller's `import.meta`: Node runs the worker's source beside it as it is; a bundle has it beside the
   *   command line
   * @param name file name of the worker without extension
   * @param title what messages call the thread
   */
  constructor(module: ImportMeta, name: string, title: string) {
    this.#script = module.url.endsWith('.ts')
      ? path.join(module.dirname, `${name}.ts`)
      : onDisk(path.join(APP_ROOT, 'out', 'cli', `${name}.js`));
    this.#title = title;
  }

  /** @throws Error with the message of what went wrong in the thread, or where it ended unasked */
  async ask<Kind extends Result['kind']>(
    kind: Kind,
    request: Request,
    transfer: readonly TransferListItem[] = [],
  ): Promise<Extract<Result, { kind: Kind }>> {
    this.#worker ??= this.#start();
    const call = ++this.#lastCall;
    const answer = Promise.withResolvers<Result>();
    this.#waiting.set(call, answer);
    this.#worker.postMessage({ call, request } satisfies Call<Request>, transfer);
    const result = await answer.promise;
    if (result.kind !== kind) throw new Error(`${this.#title} answered ${result.kind} instead of ${kind}.`);
    return result as Extract<Result, { kind: Kind }>;
  }

  /** Ends the thread; the next request starts another. */
  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#script);
    worker.on('message', (answer: Answer<Result>) => {
      const waiting = this.#waiting.get(answer.call);
      this.#waiting.delete(answer.call);
      if ('result' in answer) waiting?.resolve(answer.result);
      else waiting?.reject(new Error(answer.error));
    });
    const fail = (error: Error) => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      for (const waiting of this.#waiting.values()) waiting.reject(error);
      this.#waiting.clear();
    };
    worker.on('error', fail);
    worker.on('exit', (code) => fail(new Error(`${this.#title} ended with code ${code}.`)));
    return worker;
  }
}
