import { EventEmitter } from 'node:events';
import { type RasrError, toRasrError } from '../errors.ts';
import type { Bundle } from './bundle.ts';
import { CATALOGUE, type CatalogueEntry, catalogueEntry } from './catalogue.ts';
import type { ModelShelf } from './model-shelf.ts';
import type { OnBytes } from './pull/download.ts';
import { pullBundle } from './pull/pull.ts';
import { Staging } from './pull/staging.ts';

/** A model that can be fetched, or is being fetched. */
export interface Pull {
  readonly entry: CatalogueEntry;
  readonly state: PullState;
}

export type PullState =
  /** `kept` bytes are here from an earlier try. */
  | { readonly kind: 'available'; readonly kept: number }
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
  | { readonly kind: 'failed'; readonly error: RasrError };

interface Running {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** The downloads of a library's models. They go on whoever watches, and end with the engine. */
export class ModelPulls {
  /** Told of every change; a change of progress, at most a thousand times a download. */
  readonly events = new EventEmitter<{ change: [] }>();
  readonly #models: string;
  readonly #shelf: ModelShelf;
  readonly #running = new Map<string, Running>();
  /** States beside `available`. */
  readonly #states = new Map<string, PullState>();

  /** @param models the library's folder of bundles */
  constructor(models: string, shelf: ModelShelf) {
    this.#models = models;
    this.#shelf = shelf;
  }

  /** What can be fetched: the catalogue without what is installed, and what is being fetched. */
  async list(): Promise<Pull[]> {
    const installed = new Set(this.#shelf.bundles.map(({ manifest }) => manifest.id));
    const wanted = CATALOGUE.filter(
      ({ manifest }) => this.#states.has(manifest.id) || !installed.has(manifest.id),
    );
    return Promise.all(
      wanted.map(async (entry) => {
        const { id } = entry.manifest;
        const state = this.#states.get(id);
        return { entry, state: state ?? { kind: 'available', kept: await this.#kept(id) } };
      }),
    );
  }

  /** Fetches a model and puts it on the shelf. @throws RasrError as `pullBundle`, or `BUNDLE_MISSING` */
  async pull(id: string, onBytes: OnBytes, signal: AbortSignal): Promise<Bundle> {
    const bundle = await pullBundle(catalogueEntry(id), this.#models, onBytes, signal);
    await this.#shelf.refresh();
    return bundle;
  }

  /** Begins a download in the background; one that runs already goes on. @throws RasrError `BUNDLE_MISSING` */
  start(id: string): void {
    if (this.#running.has(id)) return;
    const { bytes } = catalogueEntry(id);
    const abort = new AbortController();
    this.#change(id, { kind: 'running', done: 0, total: bytes });
    const ended = this.pull(id, (done, total) => this.#advance(id, done, total), abort.signal)
      .then(
        () => undefined,
        (error: unknown) => toRasrError(error, id),
      )
      .then((error) => {
        this.#running.delete(id);
        this.#change(id, error === undefined || abort.signal.aborted ? undefined : { kind: 'failed', error });
      });
    this.#running.set(id, { abort, ended });
  }

  /** Stops a download; what has arrived stays for the next. Resolves when it has ended. */
  async cancel(id: string): Promise<void> {
    const running = this.#running.get(id);
    running?.abort.abort();
    await running?.ended;
  }

  /** Stops all downloads. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.cancel(id)));
  }

  #advance(id: string, done: number, total: number): void {
    const known = this.#states.get(id);
    const step = (bytes: number) => Math.floor((bytes / total) * 1000);
    if (known?.kind === 'running' && known.total === total && step(known.done) === step(done)) return;
    this.#change(id, { kind: 'running', done, total });
  }

  #change(id: string, state: PullState | undefined): void {
    if (state === undefined) this.#states.delete(id);
    else this.#states.set(id, state);
    this.events.emit('change');
  }

  #kept(id: string): Promise<number> {
    return new Staging(this.#models, id).keptBytes();
  }
}
