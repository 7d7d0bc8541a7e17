import { type GalleryChanges, OFFERED_MS, UNDO_MS } from './changes.ts';

/** Milliseconds between two looks for changes that can no longer be undone. */
const EVERY_MS = 600_000;

/** Lets go of changes to galleries in the background, once they can no longer be undone. */
export class Purging {
  readonly #changes: GalleryChanges;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(changes: GalleryChanges) {
    this.#changes = changes;
  }

  /** What an earlier run left goes as soon as no window offers to undo it any more. */
  start(): void {
    this.#timer = setInterval(() => void this.#purge(UNDO_MS), EVERY_MS).unref();
    void this.#purge(OFFERED_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** A disk that refuses now is tried again at the next look. */
  async #purge(olderThanMs: number): Promise<void> {
    await this.#changes.purge(olderThanMs).catch(() => {});
  }
}
