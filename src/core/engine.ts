import path from 'node:path';
import { Aligner } from './alignment/aligner.ts';
import { RasrError } from './errors.ts';
import type { IfExists } from './files/atomic-write.ts';
import { readArchive } from './galleries/archive/read.ts';
import { writeArchive } from './galleries/archive/write.ts';
import { UNDO_MS } from './galleries/changes.ts';
import { FreshPictures } from './galleries/fresh-pictures.ts';
import { Galleries, type Gallery } from './galleries/galleries.ts';
import { type ImportItem, type ImportOutcome, importReferences } from './galleries/import.ts';
import { Imports } from './galleries/imports.ts';
import { Purging } from './galleries/purging.ts';
import { Samples } from './galleries/samples.ts';
import { Thumbnails } from './galleries/thumbnails.ts';
import type { CurrentJob } from './jobs/job.ts';
import { Jobs } from './jobs/jobs.ts';
import { ResultCopies } from './jobs/result-copies.ts';
import { Library } from './library/library.ts';
import { readSetting } from './library/settings.ts';
import type { FusionBundle, GeneratorBundle, RetrieverBundle } from './models/bundle.ts';
import { chooseDevice } from './models/device.ts';
import { LoadedModels } from './models/loaded-models.ts';
import type { BundleKind } from './models/manifest.ts';
import { ModelPulls } from './models/model-pulls.ts';
import { ModelShelf } from './models/model-shelf.ts';
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

/** New references from which on indexing begins beside the import. */
const INDEXED_AT_ONCE = 16;

interface Models {
  /** With the vectors it made of the references. */
  readonly retriever: {
    readonly retriever: Retriever;
    readonly index: VectorIndex;
    release(): Promise<void>;
  };
  readonly generator: Generator;
  readonly fusion: Fusion;
}

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
  readonly thumbnails: Thumbnails;
  /** Pictures cut into tiles, to be looked at closely. */
  readonly pyramids: PyramidCache;
  /** Results as they are shown. */
  readonly resultCopies: ResultCopies;
  readonly tool: string;
  readonly #features: FeatureCache;
  readonly #fresh = new FreshPictures();
  readonly #purging: Purging;
  readonly #closing = new AbortController();
  #closed: Promise<void> | null = null;
  #calibrating: Promise<void> | null = null;
  #measuring: Promise<void> | null = null;
  readonly #aligner = new Aligner();
  readonly #loaded = new LoadedModels<Models>();

  private constructor(options: EngineOptions, library: Library, shelf: ModelShelf) {
    this.library = library;
    this.tool = options.tool;
    this.models = shelf;
    this.pulls = new ModelPulls(library.paths.models, shelf);
    this.devices = new Devices(library);
    this.samples = new Samples(path.join(options.resources, 'samples'));
    this.thumbnails = new Thumbnails(library.paths);
    this.pyramids = new PyramidCache(library.paths.pyramids, () => readSetting(library, PYRAMID_CACHE_BYTES));
    this.#features = new FeatureCache(library.paths);
    this.galleries = new Galleries(library);
    this.#purging = new Purging(this.galleries.changes);
    this.jobs = new Jobs(library, (...request) => this.restore(...request));
    this.resultCopies = new ResultCopies(this.jobs, library.paths);
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
      onSwitched: () => void this.#loaded.release('retriever'),
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
    this.#purging.start();
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
      void this.#loaded.release(kind);
    }
    return kind;
  }

  /** Restores on another device from the next photo on. @throws RasrError as `Devices.choose` */
  useDevice(provider: string): void {
    this.devices.choose(provider);
    void this.#loaded.release('generator', 'fusion');
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
    this.#measuring ??= this.#loaded
      .use(() => this.devices.measure({ generator: this.activeGenerator(), fusion: this.activeFusion() }))
      .finally(() => {
        this.#measuring = null;
        // The device in use may have been found not to work any more.
        void this.#loaded.release('generator', 'fusion');
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
      this.#loaded.use(async () => (await this.#loadRetrieval()).index.complete(onProgress, signal));
    let added = 0;
    let indexing: Promise<void> | null = null;
    try {
      const options = { signal, fresh: this.#fresh };
      for await (const outcome of importReferences(this.library, this.galleries, items, options)) {
        if (outcome.kind === 'added') added++;
        if (indexing === null && added >= INDEXED_AT_ONCE) {
          added = 0;
          indexing = index()
            // Reported below: nothing is indexed twice, and what failed is tried again there.
            .catch(() => {})
            .finally(() => {
              indexing = null;
            });
        }
        yield outcome;
        if (indexing !== null) await Promise.race([indexing, this.#fresh.room()]);
      }
      await indexing;
      await index(onIndexed);
    } finally {
      this.#fresh.clear();
    }
  }

  /**
   * Measures what similarities mean on the library's own galleries, where they have changed much since that was
   * last done.
   *
   * @param onProgress receives the number of photos looked for, and of how many
   */
  calibrate(onProgress?: (done: number, total: number) => void, signal?: AbortSignal): Promise<void> {
    const signals = AbortSignal.any([this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
    this.#calibrating ??= this.#loaded
      .use(async () => {
        const { retriever, index } = await this.#loadRetrieval();
        await index.complete(undefined, signals);
        await calibrateLibrary(this.library, retriever, index, onProgress, signals);
      })
      .finally(() => {
        this.#calibrating = null;
      });
    return this.#calibrating;
  }

  /** The references most like a photo, each accepted or rejected. @throws RasrError as `decodePhoto` */
  search(photo: string, scope: SearchScope): Promise<Match[]> {
    return this.#loaded.use(async () => {
      const { retriever, index, scale } = await this.#searching();
      return search(photo, scope, retriever, index, this.galleries, scale);
    });
  }

  /** References in the order of their likeness to a photo. @throws RasrError as `decodePhoto` */
  rank(photo: string, scope: RankScope): Promise<Ranking> {
    return this.#loaded.use(async () => {
      const { retriever, index, scale } = await this.#searching();
      return rank(photo, scope, retriever, index, this.galleries, scale);
    });
  }

  /** How the references of a gallery resemble one another. @throws RasrError `GALLERY_MISSING` */
  likeness(galleryId: number, signal?: AbortSignal): Promise<Likeness> {
    const signals = AbortSignal.any([this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
    return this.#loaded.use(async () => {
      const { index, scale } = await this.#searching();
      await index.complete(undefined, signals);
      return likenessAmong(index.embedded(galleryId), scale, signals);
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
    return this.#loaded.use(async () => {
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
    return this.#loaded.use(async () => restorePhoto(request, await this.#tools(), onProgress, signal));
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
    this.#purging.stop();
    await this.imports.stop();
    await this.jobs.stop(current);
    await this.resultCopies.settled();
    await this.pulls.stop();
    await this.retrieverSwitch.stop();
    await this.#loaded.release('retriever', 'generator', 'fusion');
    await this.#aligner.release();
    this.library.close();
  }

  async #tools(): Promise<RestorationTools> {
    const retriever = this.activeRetriever();
    const generator = this.activeGenerator();
    const fusion = this.activeFusion();
    const device = this.devices.chosen;
    return {
      generator: await this.#loaded.get('generator', generator.hash, () => Generator.load(generator, device)),
      sameObject:
        fusion === undefined
          ? null
          : {
              aligner: this.#aligner,
              fusion: await this.#loaded.get('fusion', fusion.hash, () => Fusion.load(fusion, device)),
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

  #loadRetrieval(): Promise<Models['retriever']> {
    const bundle = this.activeRetriever();
    return this.#loaded.get('retriever', bundle.hash, async () => {
      const retriever = await Retriever.load(bundle, chooseDevice());
      const index = new VectorIndex(this.library, retriever, this.#fresh);
      return { retriever, index, release: () => retriever.release() };
    });
  }

  /** The retrieval, and what similarities mean to it. */
  async #searching() {
    const retrieval = await this.#loadRetrieval();
    return { ...retrieval, scale: scaleOf(this.library, retrieval.retriever.bundle) };
  }
}
