import { EventEmitter, once } from 'node:events';
import type { RgbImage } from '../photo/pixels.ts';

/** Pictures from which on an import waits: 21 MB. */
const ENOUGH = 64;
/** Pictures from which on the oldest goes: it is decoded once more when its turn comes. */
const MOST = 2 * ENOUGH;

/** Small copies of references that were just imported, until they are embedded: so each is decoded only once. */
export class FreshPictures {
  readonly #kept = new Map<string, RgbImage>();
  readonly #events = new EventEmitter<{ taken: [] }>();

  constructor() {
    // Where indexing fails again and again, each time an import goes on, its earlier wait is still there.
    this.#events.setMaxListeners(0);
  }

  put(sha256: string, small: RgbImage): void {
    this.#kept.set(sha256, small);
    if (this.#kept.size > MOST) this.#kept.delete(this.#kept.keys().next().value!);
  }

  /** Gives a picture away, if it is here. */
  take(sha256: string): RgbImage | undefined {
    const small = this.#kept.get(sha256);
    if (this.#kept.delete(sha256)) this.#events.emit('taken');
    return small;
  }

  /** Resolves once there is room for more. */
  async room(): Promise<void> {
    while (this.#kept.size >= ENOUGH) await once(this.#events, 'taken');
  }

  /** Of what was imported, all is embedded, or will be from its file. */
  clear(): void {
    this.#kept.clear();
    this.#events.emit('taken');
  }
}
