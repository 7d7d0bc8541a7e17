import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { fromSystemError } from '../errors.ts';
import type { Setting } from '../library/settings.ts';
import { asPhotoError, openToShow } from '../photo/decode.ts';
import { pyramidBytes, writePyramid } from '../photo/pyramid.ts';

/** Bytes that pyramids may take on disk; five of 200 megapixels, or forty of 25, unless the user chooses. */
export const PYRAMID_CACHE_BYTES: Setting<number> = {
  key: 'pyramidCacheBytes',
  schema: z.int().min(0),
  fallback: 4_000_000_000,
};

/** A temporary file untouched for this long was left by a process that was killed. */
const STALE_AFTER_MS = 3_600_000;
const TEMPORARY = '.tmp';

/**
 * Pictures cut into tiles, on disk: made when one is looked at closely, the least recently used deleted when they
 * take more than the limit. Keyed by the file and its state, so that a file that changed is cut anew.
 */
export class PyramidCache {
  readonly #folder: string;
  readonly #limit: () => number;
  readonly #making = new Map<string, Promise<void>>();

  /** @param limit bytes that they may take, asked for whenever one is made */
  constructor(folder: string, limit: () => number) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /**
   * Reads from the pyramid of a picture, which is made first if it is not there. One that cannot be read (a crash
   * of the computer may leave half of it) is made again.
   *
   * @param source absolute path of the picture
   * @throws RasrError `NO_SPACE`, or as `decodePhoto` for the source
   */
  async read<Result>(source: string, read: (pyramid: string) => Promise<Result>): Promise<Result> {
    const pyramid = await this.#ready(source);
    try {
      return await read(pyramid);
    } catch {
      await rm(pyramid, { force: true });
      return await read(await this.#ready(source)).catch((error: unknown) => {
        throw asPhotoError(source, error);
      });
    }
  }

  async #ready(source: string): Promise<string> {
    const info = await stat(source).catch((error: unknown) => {
      throw asPhotoError(source, error);
    });
    const state = `${path.resolve(source)}\n${info.mtimeMs}\n${info.size}`;
    const pyramid = path.join(this.#folder, `${createHash('sha256').update(state).digest('hex')}.tif`);
    if (!this.#making.has(pyramid) && (await markUsed(pyramid))) return pyramid;
    const making = this.#making.get(pyramid) ?? this.#make(source, pyramid);
    this.#making.set(pyramid, making);
    try {
      await making;
    } finally {
      this.#making.delete(pyramid);
    }
    return pyramid;
  }

  async #make(source: string, pyramid: string): Promise<void> {
    const temporary = path.join(this.#folder, `.${randomUUID()}${TEMPORARY}`);
    try {
      await mkdir(this.#folder, { recursive: true });
      await this.#makeRoom(pyramidBytes(await (await openToShow(source)).metadata()));
      await writePyramid(source, temporary);
      // Not flushed, as what is kept for good is: this can be made again, and the disk may take half a minute.
      await rename(temporary, pyramid);
    } catch (error) {
      const system = fromSystemError(error, this.#folder);
      throw system?.code === 'NO_SPACE' ? system : asPhotoError(source, error);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** Deletes what was not used for longest until there is room for `wanted` bytes more. */
  async #makeRoom(wanted: number): Promise<void> {
    const kept: { file: string; bytes: number; usedAt: number }[] = [];
    for (const name of await readdir(this.#folder)) {
      const file = path.join(this.#folder, name);
      const info = await stat(file).catch(() => null);
      if (info === null) continue;
      const stale = name.endsWith(TEMPORARY) && Date.now() - info.mtimeMs > STALE_AFTER_MS;
      if (stale) await removeIfFree(file);
      else if (!name.endsWith(TEMPORARY)) kept.push({ file, bytes: info.size, usedAt: info.mtimeMs });
    }
    const limit = this.#limit();
    let total = kept.reduce((sum, { bytes }) => sum + bytes, wanted);
    for (const { file, bytes } of kept.sort((a, b) => a.usedAt - b.usedAt)) {
      if (total <= limit) return;
      await removeIfFree(file);
      total -= bytes;
    }
  }
}

/** Says when a pyramid was last used; false where there is none. */
async function markUsed(pyramid: string): Promise<boolean> {
  const now = new Date();
  return utimes(pyramid, now, now).then(
    () => true,
    () => false,
  );
}

/** Windows deletes no file that is being read: it goes the next time. */
async function removeIfFree(file: string): Promise<void> {
  await rm(file, { force: true }).catch(() => {});
}
