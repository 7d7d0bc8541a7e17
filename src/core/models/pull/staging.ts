import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { MODEL_FILE } from '../catalogue.ts';
import { sizeOf } from './download.ts';

/** Where a bundle lies until it is whole: hidden folders beside the installed ones, on the same disk. */
export class Staging {
  readonly #models: string;
  readonly #id: string;
  readonly #prefix: string;

  /** @param models the library's folder of bundles */
  constructor(models: string, id: string) {
    this.#models = models;
    this.#id = id;
    this.#prefix = `.pull-${id}-`;
  }

  /** Stands for the right to fetch this bundle; beside the folders, so that clearing leaves it. */
  get lock(): string {
    return path.join(this.#models, `.lock-${this.#id}`);
  }

  /** Named by the hash of what is to be in it: bytes of another version are never taken for this one's. */
  folder(sha256: string): string {
    return this.#path(sha256.slice(0, 16));
  }

  /** Bytes that wait for a download to go on. */
  async keptBytes(): Promise<number> {
    const folders = await this.#folders();
    return Math.max(
      0,
      ...(await Promise.all(folders.map((folder) => sizeOf(path.join(folder, MODEL_FILE))))),
    );
  }

  /** Puts a finished folder in place; a damaged bundle that lies there makes way. */
  async install(folder: string, destination: string): Promise<void> {
    await rename(destination, this.#path('replaced')).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(folder, destination);
    await this.clear();
  }

  /** Removes what earlier downloads left, but for `keep`. */
  async clear(keep?: string): Promise<void> {
    for (const folder of await this.#folders()) {
      if (folder !== keep) await rm(folder, { recursive: true, force: true });
    }
  }

  #path(name: string): string {
    return path.join(this.#models, `${this.#prefix}${name}`);
  }

  async #folders(): Promise<string[]> {
    const names = await readdir(this.#models).catch(() => []);
    return names.filter((name) => name.startsWith(this.#prefix)).map((name) => path.join(this.#models, name));
  }
}
