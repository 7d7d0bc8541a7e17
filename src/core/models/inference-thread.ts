import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { InferenceSession } from 'onnxruntime-node';
import { APP_ROOT } from '../app-info.ts';
import type { NamedTensors } from './tensor.ts';

/** What the thread can be asked for. */
export type InferenceRequest =
  | { readonly kind: 'load'; readonly file: string; readonly options: InferenceSession.SessionOptions }
  | { readonly kind: 'run'; readonly handle: number; readonly inputs: NamedTensors }
  | { readonly kind: 'release'; readonly handle: number };

export type InferenceResult =
  | {
      readonly kind: 'loaded';
      readonly handle: number;
      readonly inputs: readonly string[];
      readonly outputs: readonly string[];
    }
  | { readonly kind: 'outputs'; readonly outputs: NamedTensors }
  | { readonly kind: 'released' };

export interface InferenceCall {
  readonly call: number;
  readonly request: InferenceRequest;
}

export type InferenceAnswer =
  | { readonly call: number; readonly result: InferenceResult }
  | { readonly call: number; readonly error: string };

/** Node runs the source as it is; a bundle has the worker beside the command line. */
const SCRIPT = import.meta.url.endsWith('.ts')
  ? path.join(import.meta.dirname, 'inference-worker.ts')
  : path.join(APP_ROOT, 'out', 'cli', 'inference-worker.js');

/** One graph loaded in the thread. */
export interface LoadedGraph {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  run(inputs: NamedTensors): Promise<NamedTensors>;
  release(): Promise<void>;
}

/**
 * The process' one thread for inference. Graphs run one after another in it: each uses every core already.
 * The thread lives while graphs are loaded.
 */
class InferenceThread {
  #worker: Worker | null = null;
  #loaded = 0;
  #lastCall = 0;
  readonly #waiting = new Map<number, PromiseWithResolvers<InferenceResult>>();

  /** @throws Error from ONNX Runtime where the file is no graph it can run with these options */
  async load(file: string, options: InferenceSession.SessionOptions): Promise<LoadedGraph> {
    this.#loaded++;
    try {
      const { handle, inputs, outputs } = await this.#ask('loaded', { kind: 'load', file, options });
      return {
        inputs,
        outputs,
        run: async (tensors) =>
          (await this.#ask('outputs', { kind: 'run', handle, inputs: tensors })).outputs,
        release: async () => {
          await this.#ask('released', { kind: 'release', handle });
          await this.#leave();
        },
      };
    } catch (error) {
      await this.#leave();
      throw error;
    }
  }

  async #leave(): Promise<void> {
    if (--this.#loaded > 0) return;
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  async #ask<Kind extends InferenceResult['kind']>(
    kind: Kind,
    request: InferenceRequest,
  ): Promise<Extract<InferenceResult, { kind: Kind }>> {
    this.#worker ??= this.#start();
    const call = ++this.#lastCall;
    const answer = Promise.withResolvers<InferenceResult>();
    this.#waiting.set(call, answer);
    this.#worker.postMessage({ call, request } satisfies InferenceCall);
    const result = await answer.promise;
    if (result.kind !== kind)
      throw new Error(`The inference thread answered ${result.kind} instead of ${kind}.`);
    return result as Extract<InferenceResult, { kind: Kind }>;
  }

  #start(): Worker {
    const worker = new Worker(SCRIPT);
    worker.on('message', (answer: InferenceAnswer) => {
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
    worker.on('exit', (code) => fail(new Error(`The inference thread ended with code ${code}.`)));
    return worker;
  }
}

export const inferenceThread = new InferenceThread();
