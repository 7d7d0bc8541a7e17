import path from 'node:path';
import { RasrError } from './errors.ts';
import { Galleries } from './galleries/galleries.ts';
import { type ImportItem, type ImportOutcome, importReferences } from './galleries/import.ts';
import { Jobs } from './jobs/jobs.ts';
import { Library } from './library/library.ts';
import type { GeneratorBundle, RetrieverBundle } from './models/bundle.ts';
import { chooseDevice } from './models/device.ts';
import type { BundleKind } from './models/manifest.ts';
import { ModelShelf } from './models/model-shelf.ts';
import { FeatureCache } from './restoration/feature-cache.ts';
import { Generator } from './restoration/generator.ts';
import {
  type Restoration,
  type RestorationProgress,
  type RestorationRequest,
  type RestorationTools,
  restorePhoto,
} from './restoration/restore.ts';
import { Retriever } from './retrieval/retriever.ts';
import { type Match, type SearchScope, search } from './retrieval/search.ts';
import { VectorIndex } from './retrieval/vector-index.ts';

export interface EngineOptions {
  /** The user's data folder. */
  readonly library: string;
  /** The app's resources folder, with the embedded models in `models`. */
  readonly resources: string;
  /** Name and version of the app, for records. */
  readonly tool: string;
}

/** The engine on one library: everything that works without a window. Models load on first use. */
export class Engine {
  readonly library: Library;
  readonly galleries: Galleries;
  readonly jobs: Jobs;
  readonly models: ModelShelf;
  readonly tool: string;
  readonly #features: FeatureCache;
  /** Calls that use a model now: it is released only after they have ended. */
  readonly #using = new Set<Promise<unknown>>();
  #generator: Promise<Generator> | null = null;
  #retrieval: Promise<{ retriever: Retriever; index: VectorIndex }> | null = null;

  private constructor(options: EngineOptions, library: Library, shelf: ModelShelf) {
    this.library = library;
    this.tool = options.tool;
    this.models = shelf;
    this.#features = new FeatureCache(library.paths);
    this.galleries = new Galleries(library);
    this.jobs = new Jobs(library, (...request) => this.restore(...request));
  }

  /** @throws RasrError `LIBRARY_UNUSABLE` or `OUTPUT_UNWRITABLE` */
  static async open(options: EngineOptions): Promise<Engine> {
    const library = new Library(options.library);
    const shelf = await ModelShelf.read([path.join(options.resources, 'models'), library.paths.models]);
    return new Engine(options, library, shelf);
  }

  /** The bundle of a kind that is in use. @throws RasrError `BUNDLE_MISSING` */
  activeRetriever(): RetrieverBundle {
    return this.models.choose('retriever', this.library.setting('retriever'));
  }

  /** @throws RasrError `BUNDLE_MISSING` */
  activeGenerator(): GeneratorBundle {
    return this.models.choose('generator', this.library.setting('generator'));
  }

  /** Makes a bundle the one in use from the next photo on. @throws RasrError `BUNDLE_MISSING` */
  useModel(id: string): BundleKind {
    const { kind } = this.models.byId(id).manifest;
    this.library.setSetting(kind, id);
    // Not awaited: a photo in the making keeps its model to its end.
    void this.#release(kind);
    return kind;
  }

  /**
   * Imports files into galleries and indexes them for the retriever in use.
   *
   * @param onIndexed receives how many new references are indexed, and of how many
   */
  async *importReferences(
    items: readonly ImportItem[],
    onIndexed?: (done: number, total: number) => void,
    signal?: AbortSignal,
  ): AsyncGenerator<ImportOutcome> {
    yield* importReferences(this.library, this.galleries, items, signal);
    await this.#use(async () => {
      const { index } = await this.#loadRetrieval();
      await index.complete(onIndexed, signal);
    });
  }

  /** The references most like a photo, each accepted or rejected. @throws RasrError as `decodePhoto` */
  search(photo: string, scope: SearchScope): Promise<Match[]> {
    return this.#use(async () => {
      const { retriever, index } = await this.#loadRetrieval();
      return search(photo, scope, retriever, index, this.galleries);
    });
  }

  /** Restores one photo. @throws RasrError */
  restore(
    request: RestorationRequest,
    onProgress?: (progress: RestorationProgress) => void,
    signal?: AbortSignal,
  ): Promise<Restoration> {
    return this.#use(async () => restorePhoto(request, await this.#tools(), onProgress, signal));
  }

  /** Stops the queue, releases models and closes the library. */
  async close(): Promise<void> {
    await this.jobs.stop();
    await this.#release('retriever');
    await this.#release('generator');
    this.library.close();
  }

  async #tools(): Promise<RestorationTools> {
    this.#generator ??= Generator.load(this.activeGenerator(), chooseDevice()).catch((error: unknown) => {
      this.#generator = null;
      throw error;
    });
    const retriever = this.activeRetriever();
    return {
      generator: await this.#generator,
      retriever,
      features: this.#features,
      tool: this.tool,
      search: {
        threshold: retriever.manifest.calibration.threshold,
        find: (photo, galleryId, count) => this.search(photo, { galleryId, count }),
        pictureOf: (sha256) => this.library.paths.proxy(sha256),
      },
    };
  }

  async #loadRetrieval(): Promise<{ retriever: Retriever; index: VectorIndex }> {
    this.#retrieval ??= Retriever.load(this.activeRetriever(), chooseDevice())
      .then((retriever) => ({ retriever, index: new VectorIndex(this.library, retriever) }))
      .catch((error: unknown) => {
        this.#retrieval = null;
        throw error;
      });
    return this.#retrieval;
  }

  async #use<Result>(work: () => Promise<Result>): Promise<Result> {
    const using = work();
    this.#using.add(using);
    try {
      return await using;
    } catch (error) {
      // Whatever is not a refusal may mean that the thread with the models is gone: the next call loads anew.
      if (!(error instanceof RasrError))
        for (const kind of ['retriever', 'generator'] as const) void this.#release(kind);
      throw error;
    } finally {
      this.#using.delete(using);
    }
  }

  async #release(kind: BundleKind): Promise<void> {
    const model =
      kind === 'generator' ? this.#generator : this.#retrieval?.then(({ retriever }) => retriever);
    if (kind === 'generator') this.#generator = null;
    else this.#retrieval = null;
    await Promise.allSettled(this.#using);
    await (await model?.catch(() => null))?.release();
  }
}
