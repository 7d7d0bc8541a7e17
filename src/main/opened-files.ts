import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HandedOver } from '../api/electron-bridge.ts';
import { toRasrError } from '../core/errors.ts';
import { findFiles } from '../core/files/walk.ts';
import { hasImageExtension } from '../core/photo/formats.ts';

/** Files told of at once: few, so that the first photo does not wait for the last. */
const PORTION = 4;

/**
 * The files a command line names: what is no option, after the program and, in a clone, the app's folder, as absolute
 * paths. Options may stand anywhere. Linux' file managers may name files as `file:` addresses.
 *
 * @param packaged false where Electron was started on a clone
 */
export function filesInArguments(
  argv: readonly string[],
  workingFolder: string,
  packaged: boolean,
): string[] {
  return argv
    .filter((arg) => arg !== '' && !arg.startsWith('-'))
    .slice(packaged ? 1 : 2)
    .map((arg) => (arg.startsWith('file:') ? fileURLToPath(arg) : path.resolve(workingFolder, arg)));
}

/** What opening files needs of the app. */
export interface OpenedFilesTools {
  handOver(paths: readonly string[]): Promise<HandedOver[]>;
  /** Tells the window; only called while one listens. */
  tellWindow(files: readonly HandedOver[]): void;
  /** Opens a window where there is none. */
  needWindow(): void;
  /** These files were opened and could be read. */
  onTaken(paths: readonly string[]): void;
}

/**
 * Files and folders opened with the app: from the desktop, the command line, a second start or the menu. They are
 * handed to the engine, and told to the window as soon as it listens.
 */
export class OpenedFiles {
  readonly #tools: OpenedFilesTools;
  #windowListens = false;
  #untold: HandedOver[] = [];
  #opening: Promise<void> = Promise.resolve();

  constructor(tools: OpenedFilesTools) {
    this.#tools = tools;
  }

  /** Opens files, and the images in folders; resolves once all are handed over. */
  open(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return Promise.resolve();
    this.#tools.needWindow();
    this.#opening = this.#opening.then(() => this.#open(paths));
    return this.#opening;
  }

  /** A window shows the app and waits for files. */
  windowListens(): void {
    this.#windowListens = true;
    if (this.#untold.length > 0) this.#tools.tellWindow(this.#untold);
    this.#untold = [];
  }

  /** The window was closed, or loads again. */
  windowGone(): void {
    this.#windowListens = false;
  }

  async #open(paths: readonly string[]): Promise<void> {
    for (const named of paths) {
      try {
        const files = (await findFiles(named, hasImageExtension)).map((found) => found.path);
        for (let i = 0; i < files.length; i += PORTION) await this.#handOver(files.slice(i, i + PORTION));
      } catch (error) {
        const { code, message, remedy } = toRasrError(error, named);
        this.#tell([{ kind: 'refused', name: path.basename(named), error: { code, message, remedy } }]);
      }
    }
  }

  async #handOver(files: readonly string[]): Promise<void> {
    const results = await this.#tools.handOver(files);
    this.#tools.onTaken(files.filter((_file, i) => results[i]?.kind === 'taken'));
    this.#tell(results);
  }

  #tell(results: readonly HandedOver[]): void {
    if (this.#windowListens) this.#tools.tellWindow(results);
    else this.#untold.push(...results);
  }
}
