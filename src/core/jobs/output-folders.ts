import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { RasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';

/** A menu stays a menu. */
export const MAX_OUTPUT_FOLDERS = 8;
/** Presets may name a folder that the menu has no more. */
const REMEMBERED = 100;

const SETTING = 'output-folders';
const stored = z.array(z.string());

/**
 * The folders the user chose for outputs. A window can send outputs only to these: it names no folder by itself
 * that the user did not pick or type.
 */
export class OutputFolders {
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  /** Absolute paths of the last few, the one chosen last first. */
  list(): string[] {
    return this.#known().slice(0, MAX_OUTPUT_FOLDERS);
  }

  /**
   * Remembers a folder, the oldest of too many being forgotten.
   *
   * @param folder as picked or typed; blanks and quotes around it are left out, as copied paths have them
   * @returns its absolute path
   * @throws RasrError `FILE_MISSING` where it is no folder, `OUTPUT_UNWRITABLE`
   */
  add(folder: string): string {
    const typed = folder.trim().replace(/^"(.*)"$/, '$1');
    if (!path.isAbsolute(typed)) {
      throw new RasrError(
        'FILE_MISSING',
        typed === '' ? 'No folder is named.' : `${typed} is not a whole path.`,
        'Begin at the root of the disk.',
      );
    }
    const absolute = path.resolve(typed);
    checkFolder(absolute);
    const others = this.#known().filter((known) => known !== absolute);
    this.#library.setSetting(SETTING, JSON.stringify([absolute, ...others].slice(0, REMEMBERED)));
    return absolute;
  }

  /** @throws RasrError `OUTPUT_UNWRITABLE` where the user never chose this folder, or long ago */
  require(folder: string): void {
    if (this.#known().includes(folder)) return;
    throw new RasrError(
      'OUTPUT_UNWRITABLE',
      `${folder} is not one of your output folders.`,
      'Choose it again.',
    );
  }

  #known(): string[] {
    const value = this.#library.setting(SETTING);
    return value === undefined ? [] : stored.parse(JSON.parse(value));
  }
}

/**
 * A folder the user chose is never made: were its disk not connected, outputs would go somewhere else.
 *
 * @throws RasrError `FILE_MISSING` where it is no folder, `OUTPUT_UNWRITABLE`
 */
export function checkFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new RasrError(
      'FILE_MISSING',
      `There is no folder ${folder}.`,
      'Make it or connect its disk, or choose another one.',
    );
  }
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new RasrError(
      'OUTPUT_UNWRITABLE',
      `Nothing can be written to ${folder}.`,
      'Choose another folder or change its permissions.',
      { cause: error },
    );
  }
}
