import path from 'node:path';
import { Aligner } from './alignment/aligner.ts';
import { RasrError } from './errors.ts';
import type { IfExists } from './files/atomic-write.ts';
import { readArchive } from './galleries/archive/read.ts';
import { writeArchive } from './galleries/archive/write.ts';
import { OFFERED_MS, UNDO_MS } from './galleries/changes.ts';
import { Galleries, type Gallery } from './galleries/galleries.ts';
import { type ImportItem, type ImportOutcome, importReferences } from './galleries/import.ts';
import { Imports } from './galleries/imports.ts';
import { Samples } from './galleries/samples.ts';
import type { CurrentJob, Job } from './jobs/job.ts';
import { Jobs } from './jobs/jobs.ts';
import { Library } from './library/library.ts';
import { readSetting } from './library/settings.ts';
import type { FusionBundle, GeneratorBundle, RetrieverBundle } from './models/bundle.ts';
import { chooseDevice } from './models/device.ts';
import type { BundleKind } from './models/manifest.ts';
import { ModelPulls } from './models/model-pulls.ts';
import { ModelShelf } from './models/model-shelf.ts';
import { ModelSlot } from './models/model-slot.ts';
import { displayCopy, resultKey } from './previews/display-copy.ts';
import { PYRAMID_CACHE_BYTES, PyramidCache } from './previews/pyramid-cache.ts';
import { Devices } from './restoration/devices.ts';
import { FeatureCache } from './restoration/feature-cache.ts';
import { Fusion } from './restoration/fusion.ts';
import { Generator } from './restoration/generator.ts';
import {
  type Restoration,
  type RestorationProgress,
  type RestorationRequest,
  type RestorationTools,
  restorePhoto,
} from './restoration/restore.ts';
import { calibrateLibrary, scaleOf } from './retrieval/library-calibration.ts';
import { type Likeness, likenessAmong } from './retrieval/likeness.ts';
import { type Ranking, type RankScope, rank } from './retrieval/rank.ts';
import { Retriever } from './retrieval/retriever.ts';
import { RetrieverSwitch } from './retrieval/retriever-switch.ts';
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

/** Milliseconds between two looks for changes that can no longer be undone. */
const PURGE_EVERY_MS = 600_000;

/** New references from which on indexing begins beside the import. */
const INDEXED_AT_ONCE = 16;

/** The engine on one library: everything that works without a window. Models load on first use. */
export class Engine {
  readonly library: Library;
  readonly galleries: Galleries;
  /** What windows import. */
  readonly imports: Imports;
  readonly jobs: Jobs;
  readonly models: ModelShelf;
  readonly pulls: ModelPulls;
  /** Changes the retriever in the background. */
  readonly retrieverSwitch: RetrieverSwitch;
  readonly devices: Devices;
  readonly samples: Samples;
  /** Pictures cut into tiles, to be looked at closely. */
  readonly pyramids: PyramidCache;
  readonly tool: string;
  readonly #features: FeatureCache;
  readonly #closing = new AbortController();
  #closed: Promise<void> | null = null;
  #purging: ReturnType<typeof setInterval> | undefined;
  #calibrating: Promise<void> | null = null;
  #measuring: Promise<void> | null = null;
  #preparing: Promise<void> = Promise.resolve();
  /** Calls that use a model now: it is released only after they have ended. */
  readonly #using = new Set<Promise<unknown>>();
  readonly #aligner = new Aligner();
  readonly #generator = new ModelSlot<Generator>();
  readonly #fusion = new ModelSlot<Fusion>();
  #retrieval: { hash: string; loaded: Promise<{ retriever: Retriever; index: VectorIndex }> } | null = null;

  private constructor(options: EngineOptions, library: Library, shelf: ModelShelf) {
    this.library = library;
    this.tool = options.tool;
    this.models = shelf;
    this.pulls = new ModelPulls(library.paths.models, shelf);
    this.devices = new Devices(library);
    this.samples = new Samples(path.join(options.resources, 'samples'));
    this.pyramids = new PyramidCache(library.paths.pyramids, () => readSetting(library, PYRAMID_CACHE_BYTES));
    this.#features = new FeatureCache(library.paths);
    this.galleries = new Galleries(library);
    this.jobs = new Jobs(library, (...request) => this.restore(...request));
    this.jobs.events.on('change', (change) => {
      if (change.kind !== 'job' || change.job.state !== 'done') return;
      this.#preparing = this.#preparing.then(() => this.prepareToShow(change.job));
    });
    this.imports = new Imports({
      library,
      photo: (id) => this.jobs.photos.get(id),
      forget: (id) => this.jobs.photos.forget([id]),
      run: (items, signal) => this.importReferences(items, undefined, signal),
      // In the background: what it cannot do now is done after the next import.
      onSettled: () => void this.calibrate().catch(() => {}),
    });
    this.retrieverSwitch = new RetrieverSwitch({
      library,
      models: shelf,
      serving: () => this.activeRetriever().manifest.id,
      onSwitched: () => void this.#release('retriever'),
    });
  }

  /** @throws RasrError `LIBRARY_UNUSABLE` or `OUTPUT_UNWRITABLE` */
  static async open(options: EngineOptions): Promise<Engine> {
    const library = new Library(options.library);
    const shelf = await ModelShelf.read([path.join(options.resources, 'models'), library.paths.models]);
    const engine = new Engine(options, library, shelf);
    await engine.galleries.changes.purge(UNDO_MS);
    return engine;
  }

  /** The bundle of a kind that is in use. @throws RasrError `BUNDLE_MISSING` */
  activeRetriever(): RetrieverBundle {
    return this.models.choose('retriever', this.library.setting('retriever'));
  }

  /** @throws RasrError `BUNDLE_MISSING` */
  activeGenerator(): GeneratorBundle {
    return this.models.choose('generator', this.library.setting('generator'));
  }

  /** The fusion network in use, if there is one. */
  activeFusion(): FusionBundle | undefined {
    return this.models.find('fusion', this.library.setting('fusion'));
  }

  /** Makes this process the one that restores what is queued, and goes on with what an earlier one left. @throws RasrError as `Jobs.resume` */
  resume(): void {
    this.jobs.resume();
    this.imports.resume();
    this.retrieverSwitch.wake();
    this.#purging = setInterval(() => void this.#purge(UNDO_MS), PURGE_EVERY_MS).unref();
    void this.#purge(OFFERED_MS);
  }

  /**
   * Makes a bundle the one in use: a generator from the next photo on, a retriever as soon as all references
   * are indexed for it (`retrieverSwitch`). @throws RasrError `BUNDLE_MISSING`
   */
  useModel(id: string): BundleKind {
    const { kind } = this.models.byId(id).manifest;
    if (kind === 'retriever') this.retrieverSwitch.begin(id);
    else {
      this.library.setSetting(kind, id);
      // Not awaited: a photo in the making keeps its model to its end.
      void this.#release(kind);
    }
    return kind;
  }

  /** Restores on another device from the next photo on. @throws RasrError as `Devices.choose` */
  useDevice(provider: string): void {
    this.devices.choose(provider);
    this.#releaseRestorers();
  }

  /**
   * Measures what restores on every device.
   *
   * @throws RasrError `ENGINE_BUSY` while a photo is restored, which would be measured with it, or as `Devices.measure`
   */
  measureDevices(): Promise<void> {
    if (this.jobs.batch().running > 0) {
      throw new RasrError(
        'ENGINE_BUSY',
        'A photo is being restored.',
        'Measure when it is done, or pause the batch first.',
      );
    }
    this.#measuring ??= this.#use(() =>
      this.devices.measure({ generator: this.activeGenerator(), fusion: this.activeFusion() }),
    ).finally(() => {
      this.#measuring = null;
      // The device in use may have been found not to work any more.
      this.#releaseRestorers();
    });
    return this.#measuring;
  }

  /**
   * Imports files into galleries and indexes them for the retriever in use, the ones while the others are read.
   *
   * @param onIndexed receives how many new references are indexed, and of how many
   */
  async *importReferences<Item extends ImportItem>(
    items: Iterable<Item> | AsyncIterable<Item>,
    onIndexed?: (done: number, total: number) => void,
    signal?: AbortSignal,
  ): AsyncGenerator<ImportOutcome<Item>> {
    const index = (onProgress?: typeof onIndexed) =>
      this.#use(async () => (await this.#loadRetrieval()).index.complete(onProgress, signal));
    let added = 0;
    let indexing: Promise<void> | null = null;
    for await (const outcome of importReferences(this.library, this.galleries, items, signal)) {
      if (outcome.kind === 'added') added++;
      if (indexing === null && added >= INDEXED_AT_ONCE) {
        added = 0;
        indexing = index().finally(() => {
          indexing = null;
        });
        // Reported below: nothing is indexed twice, and what failed is tried again there.
        indexing.catch(() => {});
      }
      yield outcome;
    }
    await (indexing as Promise<void> | null)?.catch(() => {});
    await index(onIndexed);
  }

  /**
   * Measures what similarities mean on the library's own galleries, where they have changed much since that was
   * last done.
   *
   * @param onProgress receives the number of photos looked for, and of how many
   */
  calibrate(onProgress?: (done: number, total: number) => void, signal?: AbortSignal): Promise<void> {
    const signals = AbortSignal.any([this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
    this.#calibrating ??= this.#use(async () => {
      const { retriever, index } = await this.#loadRetrieval();
      await index.complete(undefined, signals);
      await calibrateLibrary(this.library, retriever, index, onProgress, signals);
    }).finally(() => {
      this.#calibrating = null;
    });
    return this.#calibrating;
  }

  /** The references most like a photo, each accepted or rejected. @throws RasrError as `decodePhoto` */
  search(photo: string, scope: SearchScope): Promise<Match[]> {
    return this.#use(async () => {
      const { retriever, index } = await this.#loadRetrieval();
      const scale = scaleOf(this.library, retriever.bundle);
      return search(photo, scope, retriever, index, this.galleries, scale);
    });
  }

  /** References in the order of their likeness to a photo. @throws RasrError as `decodePhoto` */
  rank(photo: string, scope: RankScope): Promise<Ranking> {
    return this.#use(async () => {
      const { retriever, index } = await this.#loadRetrieval();
      const scale = scaleOf(this.library, retriever.bundle);
      return rank(photo, scope, retriever, index, this.galleries, scale);
    });
  }

  /** How the references of a gallery resemble one another. @throws RasrError `GALLERY_MISSING` */
  likeness(galleryId: number, signal?: AbortSignal): Promise<Likeness> {
    const signals = AbortSignal.any([this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
    return this.#use(async () => {
      const { retriever, index } = await this.#loadRetrieval();
      await index.complete(undefined, signals);
      return likenessAmong(index.embedded(galleryId), scaleOf(this.library, retriever.bundle), signals);
    });
  }

  /** Writes a gallery into one file. @throws RasrError as `writeArchive` */
  exportGallery(galleryId: number, destination: string, ifExists: IfExists): Promise<void> {
    return writeArchive(this.library, this.galleries, galleryId, destination, ifExists, this.tool);
  }

  /**
   * Makes a gallery of such a file, and indexes what came without an embedding of the retriever in use.
   *
   * @param name what messages call the file
   * @throws RasrError as `readArchive`
   */
  importGallery(file: string, name?: string): Promise<Gallery> {
    return this.#use(async () => {
      // First, so that this library has a place for the retriever's embeddings.
      const { index } = await this.#loadRetrieval();
      const gallery = await readArchive(this.library, this.galleries, file, name);
      await index.complete(undefined, this.#closing.signal);
      return gallery;
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

  /**
   * Stops the queue, releases models and closes the library. The photo at work is parked in the queue, or finished
   * first; asking to park it is possible while it is being finished.
   */
  close(current: CurrentJob = 'park'): Promise<void> {
    if (this.#closed === null) this.#closed = this.#close(current);
    else if (current === 'park') void this.jobs.stop('park');
    return this.#closed;
  }

  async #close(current: CurrentJob): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#purging);
    await this.imports.stop();
    await this.jobs.stop(current);
    await this.#preparing;
    await this.pulls.stop();
    await this.retrieverSwitch.stop();
    await this.#release('retriever');
    await this.#release('generator');
    await this.#release('fusion');
    await this.#aligner.release();
    this.library.close();
  }

  /** Makes a finished job's copies for the screen: a large result takes seconds to decode, and shall open at once. */
  async prepareToShow({ id, output, finishedAt }: Job): Promise<void> {
    if (output === null || finishedAt === null) return;
    try {
      for (const size of ['view', 'thumbnail'] as const)
        await displayCopy(this.library.paths, output, resultKey(id, finishedAt), size);
    } catch {
      // Told to whoever opens it.
    }
  }

  /** A disk that refuses now is tried again at the next look. */
  async #purge(olderThanMs: number): Promise<void> {
    await this.galleries.changes.purge(olderThanMs).catch(() => {});
  }

  async #tools(): Promise<RestorationTools> {
    const retriever = this.activeRetriever();
    const fusion = this.activeFusion();
    return {
      generator: await this.#generator.get(() => Generator.load(this.activeGenerator(), this.devices.chosen)),
      sameObject:
        fusion === undefined
          ? null
          : {
              aligner: this.#aligner,
              fusion: await this.#fusion.get(() => Fusion.load(fusion, this.devices.chosen)),
            },
      retriever,
      features: this.#features,
      tool: this.tool,
      search: {
        threshold: scaleOf(this.library, retriever).threshold,
        find: (photo, scope) => this.search(photo, scope),
        pictureOf: (sha256) => this.library.paths.proxy(sha256),
      },
    };
  }

  async #loadRetrieval(): Promise<{ retriever: Retriever; index: VectorIndex }> {
    const bundle = this.activeRetriever();
    // Another process may have changed it.
    if (this.#retrieval !== null && this.#retrieval.hash !== bundle.hash) void this.#release('retriever');
    this.#retrieval ??= { hash: bundle.hash, loaded: this.#loadRetriever(bundle) };
    return this.#retrieval.loaded;
  }

  async #loadRetriever(bundle: RetrieverBundle): Promise<{ retriever: Retriever; index: VectorIndex }> {
    try {
      const retriever = await Retriever.load(bundle, chooseDevice());
      return { retriever, index: new VectorIndex(this.library, retriever) };
    } catch (error) {
      this.#retrieval = null;
      throw error;
    }
  }

  async #use<Result>(work: () => Promise<Result>): Promise<Result> {
    const using = work();
    this.#using.add(using);
    try {
      return await using;
    } catch (error) {
      // Whatever is not a refusal may mean that the thread with the models is gone: the next call loads anew.
      if (!(error instanceof RasrError))
        for (const kind of ['retriever', 'generator', 'fusion'] as const) void this.#release(kind);
      throw error;
    } finally {
      this.#using.delete(using);
    }
  }

  #releaseRestorers(): void {
    for (const kind of ['generator', 'fusion'] as const) void this.#release(kind);
  }

  async #release(kind: BundleKind): Promise<void> {
    const taken = this.#take(kind);
    await Promise.allSettled(this.#using);
    await (await taken)?.release();
  }

  #take(kind: BundleKind): Promise<{ release(): Promise<void> } | null> {
    if (kind === 'generator') return this.#generator.take();
    if (kind === 'fusion') return this.#fusion.take();
    const loading = this.#retrieval?.loaded.then(
      ({ retriever }) => retriever,
      () => null,
    );
    this.#retrieval = null;
    return loading ?? Promise.resolve(null);
  }
}
