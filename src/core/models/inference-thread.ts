import type { InferenceSession } from 'onnxruntime-node';
import { WorkerThread } from '../threads/worker-thread.ts';
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
  readonly #thread = new WorkerThread<InferenceRequest, InferenceResult>(
    import.meta,
    'inference-worker',
    'The inference thread',
  );
  #loaded = 0;

  /** @throws Error from ONNX Runtime where the file is no graph it can run with these options */
  async load(file: string, options: InferenceSession.SessionOptions): Promise<LoadedGraph> {
    this.#loaded++;
    try {
      const { handle, inputs, outputs } = await this.#thread.ask('loaded', { kind: 'load', file, options });
      return {
        inputs,
        outputs,
        run: async (tensors) =>
          (await this.#thread.ask('outputs', { kind: 'run', handle, inputs: tensors })).outputs,
        release: async () => {
          await this.#thread.ask('released', { kind: 'release', handle });
          await this.#leave();
        },
      };
    } catch (error) {
      await this.#leave();
      throw error;
    }
  }

  async #leave(): Promise<void> {
    if (--this.#loaded === 0) await this.#thread.end();
  }
}

export const inferenceThread = new InferenceThread();
