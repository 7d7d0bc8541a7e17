import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { RasrError, toRasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import { claimIndexing } from '../library/owner.ts';
import type { Bundle, RetrieverBundle } from '../models/bundle.ts';
import { isKind } from '../models/bundle.ts';
import { chooseDevice } from '../models/device.ts';
import type { ModelShelf } from '../models/model-shelf.ts';
import { verifyBundle } from '../models/verify.ts';
import { calibrateLibrary } from './library-calibration.ts';
import { Retriever } from './retriever.ts';
import { countUnindexed, VectorIndex } from './vector-index.ts';

/** Where the change to another retriever is. `to` is the retriever's id; until the change, the old one serves. */
export type SwitchState =
  | { readonly kind: 'idle' }
  /** `done` of `total` references are indexed for it, or looked for to calibrate it. */
  | {
      readonly kind: 'indexing' | 'calibrating';
      readonly to: string;
      readonly done: number;
      readonly total: number;
    }
  /** It was given up, and the old one stays. */
  | { readonly kind: 'failed'; readonly to: string; readonly error: RasrError };

/** Names of the settings: the retriever that serves, the one to come, and how often that was begun in vain. */
const SERVING = 'retriever';
const NEXT = 'retrieverNext';
const ATTEMPTS = 'retrieverNextAttempts';

/** A retriever that ended the process this often before a single reference was indexed is given up. */
const MAX_ATTEMPTS = 3;
/** Milliseconds between two looks at what another process does. */
const POLL_MS = 1000;

/** What the switch works on. */
export interface SwitchTools {
  readonly library: Library;
  readonly models: ModelShelf;
  /** Id of the retriever that serves. */
  serving(): string;
  /** Called when another retriever serves. */
  onSwitched(): void;
}

/**
 * Changes the retriever in the background. The one to come is a setting and what is left to do are the
 * references without a vector of it, so that a stop or a crash loses two batches at most and the next start goes
 * on. The old index serves until the new one is complete; then one transaction changes over.
 */
export class RetrieverSwitch {
  readonly events = new EventEmitter<{ change: [SwitchState] }>();
  readonly #tools: SwitchTools;
  #state: SwitchState = { kind: 'idle' };
  #working: Promise<void> | null = null;
  #abort = new AbortController();
  #stopped = false;

  constructor(tools: SwitchTools) {
    this.events.setMaxListeners(0);
    this.#tools = tools;
  }

  get state(): SwitchState {
    return this.#state;
  }

  /** Id of the retriever to come, if there is one. */
  get next(): string | undefined {
    return this.#tools.library.setting(NEXT);
  }

  /** Begins to change to a retriever, in place of any other change. To the one that serves: stays with it. */
  begin(id: string): void {
    const { library, serving } = this.#tools;
    library.database
      .transaction(() => {
        library.removeSetting(ATTEMPTS);
        if (serving() === id) library.removeSetting(NEXT);
        else library.setSetting(NEXT, id);
      })
      .immediate();
    this.#abort.abort();
    this.#set({ kind: 'idle' });
    this.wake();
  }

  /** Stays with the retriever that serves. What was indexed is kept for the next time. */
  cancel(): void {
    this.begin(this.#tools.serving());
  }

  /** Goes on with a change that was begun, here or by an earlier process. */
  wake(): void {
    if (this.#stopped || this.#working !== null || this.next === undefined) return;
    this.#abort = new AbortController();
    this.#working = this.#work(this.#abort.signal).finally(() => {
      this.#working = null;
      // Another one may have been begun meanwhile.
      if (this.#state.kind !== 'failed') this.wake();
    });
  }

  /** Resolves once nothing is left to do. @throws RasrError where the change was given up */
  async settled(): Promise<void> {
    while (this.#working !== null) await this.#working;
    if (this.#state.kind === 'failed') throw this.#state.error;
  }

  /** Ends after the batch at hand; the next start goes on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#abort.abort();
    await this.#working;
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { library } = this.#tools;
    for (let id = this.next; id !== undefined && !signal.aborted; id = this.next) {
      try {
        const claim = claimIndexing(library.paths);
        if (claim === undefined) await this.#watch(id, signal);
        else await this.#change(id, signal).finally(() => claim.release());
      } catch (error) {
        if (signal.aborted) {
          // Stopped on purpose: that was no failed attempt.
          library.removeSetting(ATTEMPTS);
          return;
        }
        if (this.next !== id) continue;
        this.#giveUp(id, error);
        return;
      }
    }
    if (!signal.aborted) this.#set({ kind: 'idle' });
  }

  /** Another process is at it: tells how far it is. */
  async #watch(id: string, signal: AbortSignal): Promise<void> {
    const bundle = this.#bundle(id);
    const total = countReferences(this.#tools.library);
    const done = total - countUnindexed(this.#tools.library, bundle);
    this.#set({ kind: 'indexing', to: id, done, total });
    await delay(POLL_MS, undefined, { signal });
    if (this.next !== id) this.#tools.onSwitched();
  }

  async #change(id: string, stop: AbortSignal): Promise<void> {
    const { library } = this.#tools;
    const changed = new AbortController();
    const signal = AbortSignal.any([stop, changed.signal]);
    this.#countAttempt(id);
    const bundle = this.#bundle(id);
    const retriever = await Retriever.load(bundle, chooseDevice());
    try {
      const index = new VectorIndex(library, retriever);
      const total = countReferences(library);
      const before = total - index.countMissing();
      this.#set({ kind: 'indexing', to: id, done: before, total });
      do {
        await index.complete((done) => {
          library.removeSetting(ATTEMPTS);
          // Another process may have changed the user's mind.
          if (this.next !== id) changed.abort();
          this.#set({ kind: 'indexing', to: id, done: before + done, total: Math.max(total, before + done) });
        }, signal);
        const onProgress = (done: number, total: number) =>
          this.#set({ kind: 'calibrating', to: id, done, total });
        await calibrateLibrary(library, retriever, index, onProgress, signal);
        // Its files may have gone while it was in memory.
        await verifyBundle(bundle);
        signal.throwIfAborted();
      } while (!this.#changeOver(id, index));
    } finally {
      await retriever.release();
    }
  }

  /** @returns false where references came in meanwhile */
  #changeOver(id: string, index: VectorIndex): boolean {
    const { library, onSwitched } = this.#tools;
    const over = library.database
      .transaction(() => {
        if (library.setting(NEXT) !== id) return true;
        if (!index.isComplete()) return false;
        library.setSetting(SERVING, id);
        library.removeSetting(NEXT);
        library.removeSetting(ATTEMPTS);
        return true;
      })
      .immediate();
    if (over) onSwitched();
    return over;
  }

  /** A model that brings the process down would do so at every start. */
  #countAttempt(id: string): void {
    const { library } = this.#tools;
    const attempts = Number(library.setting(ATTEMPTS) ?? 0);
    if (attempts >= MAX_ATTEMPTS) {
      throw new RasrError(
        'ENGINE_STOPPED',
        `The engine stopped ${attempts} times when it began to index with the model ${id}.`,
        'Choose another model.',
      );
    }
    library.setSetting(ATTEMPTS, String(attempts + 1));
  }

  #giveUp(id: string, cause: unknown): void {
    const { library } = this.#tools;
    const error = toRasrError(cause, `Model ${id}`);
    // Where it is not the model's fault, the next start tries again.
    if (error.code !== 'NO_SPACE' && error.code !== 'OUTPUT_UNWRITABLE') {
      library.removeSetting(NEXT);
      library.removeSetting(ATTEMPTS);
    }
    this.#set({ kind: 'failed', to: id, error });
  }

  #bundle(id: string): RetrieverBundle {
    const bundle: Bundle = this.#tools.models.byId(id);
    if (isKind(bundle, 'retriever')) return bundle;
    throw new RasrError('BUNDLE_INVALID', `Model ${id} is no retriever.`, 'Choose another model.');
  }

  #set(state: SwitchState): void {
    this.#state = state;
    this.events.emit('change', state);
  }
}

function countReferences(library: Library): number {
  return library.database.prepare<[], number>('SELECT count(*) FROM reference').pluck().get()!;
}
