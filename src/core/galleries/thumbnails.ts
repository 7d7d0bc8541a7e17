import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import PQueue from 'p-queue';
import { RasrError } from '../errors.ts';
import type { LibraryPaths } from '../library/paths.ts';
import { makeThumbnail } from './pictures.ts';

const UNWRITTEN: ReadonlySet<string> = new Set(['NO_SPACE', 'OUTPUT_UNWRITABLE']);

/**
 * The references' thumbnails, each made when it is first asked for. The last asked for is made first: whoever scrolls on
 * no longer looks at the ones before.
 */
export class Thumbnails {
  readonly #paths: LibraryPaths;
  readonly #queue = new PQueue({ concurrency: availableParallelism() });
  readonly #making = new Map<string, Promise<string>>();
  #asked = 0;

  constructor(paths: LibraryPaths) {
    this.#paths = paths;
  }

  /**
   * Where the thumbnail of a reference is; nothing is there if its proxy is lost. Where none can be written, as on a full
   * disk, it is the proxy, which looks the same.
   *
   * @throws RasrError as `readPhotoHeader`, or `IMAGE_DAMAGED`
   */
  async of(sha256: string): Promise<string> {
    const file = this.#paths.thumbnail(sha256);
    const proxy = this.#paths.proxy(sha256);
    if (existsSync(file) || !existsSync(proxy)) return file;
    let making = this.#making.get(sha256);
    if (making === undefined) {
      making = this.#queue
        .add(() => makeThumbnail(sha256, this.#paths), { priority: ++this.#asked })
        .catch((error: unknown) => {
          if (error instanceof RasrError && UNWRITTEN.has(error.code)) return proxy;
          throw error;
        })
        .finally(() => this.#making.delete(sha256));
      this.#making.set(sha256, making);
    }
    return making;
  }
}
