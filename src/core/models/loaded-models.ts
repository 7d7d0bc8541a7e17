import { RasrError } from '../errors.ts';
import type { BundleKind } from './manifest.ts';
import { ModelSlot } from './model-slot.ts';

interface Releasable {
  release(): Promise<void>;
}

/** The loaded model of each kind, released only after the calls that use it have ended. */
export class LoadedModels<Models extends Record<BundleKind, Releasable>> {
  readonly #slots: { readonly [Kind in BundleKind]: ModelSlot<Models[Kind]> } = {
    retriever: new ModelSlot(),
    generator: new ModelSlot(),
    fusion: new ModelSlot(),
  };
  /** Calls that use a model now. */
  readonly #using = new Set<Promise<unknown>>();

  /** Runs a call that uses models: none that it gets is released before it has ended. */
  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    const using = work();
    this.#using.add(using);
    try {
      return await using;
    } catch (error) {
      // Whatever is not a refusal may mean that the thread with the models is gone: the next call loads anew.
      if (!(error instanceof RasrError)) void this.release('retriever', 'generator', 'fusion');
      throw error;
    } finally {
      this.#using.delete(using);
    }
  }

  /** The model of a kind, of the bundle with this hash: another process may have chosen another one since. */
  get<Kind extends BundleKind>(
    kind: Kind,
    hash: string,
    load: () => Promise<Models[Kind]>,
  ): Promise<Models[Kind]> {
    const slot = this.#slots[kind];
    if (slot.holdsOtherThan(hash)) void this.release(kind);
    return slot.get(hash, load);
  }

  /** Lets go of models. The next call loads anew, at once. @returns once those were released */
  async release(...kinds: readonly BundleKind[]): Promise<void> {
    const taken = kinds.map((kind) => this.#slots[kind].take());
    await Promise.allSettled(this.#using);
    for (const model of taken) await (await model)?.release();
  }
}
