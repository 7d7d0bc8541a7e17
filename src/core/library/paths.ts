import path from 'node:path';

/** Where everything in a library folder is. Picture files are named by content, two hex digits a folder. */
export class LibraryPaths {
  readonly root: string;

  constructor(root: string) {
    this.root = path.resolve(root);
  }

  get database(): string {
    return path.join(this.root, 'library.db');
  }

  /** Held by the one process that works through the job queue. */
  get queueLock(): string {
    return path.join(this.root, 'queue.lock');
  }

  /** Held by the one process that indexes for another retriever. */
  get indexingLock(): string {
    return path.join(this.root, 'indexing.lock');
  }

  /** Bundles the user added; same layout as resources/models. */
  get models(): string {
    return path.join(this.root, 'models');
  }

  /** Where galleries are packed and unpacked. */
  get staging(): string {
    return path.join(this.root, 'staging');
  }

  /** Photos handed over as bytes (browser drops, pasted pictures), one folder each. */
  get allPhotos(): string {
    return path.join(this.root, 'photos');
  }

  photo(id: string, name: string): string {
    return path.join(this.allPhotos, id, name);
  }

  /** Results of jobs that have no folder of the user's to go to, until they are saved. */
  restored(jobId: string): string {
    return path.join(this.root, 'restored', jobId);
  }

  /** The reference itself, at most 2048 px, sRGB. */
  proxy(sha256: string): string {
    return this.#byContent('proxies', sha256, '.jpg');
  }

  /** The reference at a card's size. */
  thumbnail(sha256: string): string {
    return this.#byContent('thumbnails', sha256, '.jpg');
  }

  /** One folder of cached reference features a model. */
  get allFeatures(): string {
    return path.join(this.root, 'features');
  }

  /** Cached reference features of one model. */
  features(sha256: string, modelHash: string): string {
    return path.join(this.allFeatures, modelHash, `${sha256}.f32`);
  }

  /** Display copies the hosts show; safe to delete at any time. */
  get allPreviews(): string {
    return path.join(this.root, 'previews');
  }

  preview(key: string): string {
    return path.join(this.allPreviews, `${key}.webp`);
  }

  /** Pictures in all their sizes, cut into tiles; safe to delete at any time. */
  get pyramids(): string {
    return path.join(this.allPreviews, 'pyramids');
  }

  #byContent(kind: string, sha256: string, extension: string): string {
    return path.join(this.root, kind, sha256.slice(0, 2), `${sha256}${extension}`);
  }
}
