import { z } from 'zod';
import { RasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import { checkNameTemplate } from '../restoration/output-name.ts';
import { type BatchSettings, batchSettings } from './batch-settings.ts';

/** Settings the user gave a name to. */
export interface Preset {
  readonly name: string;
  readonly settings: BatchSettings;
}

/** A menu stays a menu. */
export const MAX_PRESETS = 20;
/** Characters of a preset's name. */
export const MAX_PRESET_NAME = 60;

const SETTING = 'presets';
const stored = z.array(z.object({ name: z.string(), settings: batchSettings }));

/** The user's presets, kept with the library so that they are the same in every window. */
export class Presets {
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  /** All presets, by name. */
  list(): Preset[] {
    const value = this.#library.setting(SETTING);
    return value === undefined ? [] : stored.parse(JSON.parse(value));
  }

  /**
   * Saves settings under a name; one of the same name, whatever its case, is replaced.
   *
   * @returns all presets
   * @throws RasrError `NAME_INVALID` for an empty or very long name, a bad name template, or one preset too many
   */
  save(name: string, settings: BatchSettings): Preset[] {
    const trimmed = name.trim();
    if (trimmed === '' || trimmed.length > MAX_PRESET_NAME) {
      throw new RasrError(
        'NAME_INVALID',
        trimmed === '' ? 'A preset needs a name.' : 'This name is too long for a preset.',
        `Use 1 to ${MAX_PRESET_NAME} characters.`,
      );
    }
    checkNameTemplate(settings.nameTemplate);
    const others = this.#without(trimmed);
    if (others.length >= MAX_PRESETS) {
      throw new RasrError(
        'NAME_INVALID',
        `There are ${MAX_PRESETS} presets already.`,
        'Delete one you no longer need, or replace it by using its name.',
      );
    }
    return this.#store([...others, { name: trimmed, settings }]);
  }

  /** Deletes a preset, if it is there. @returns those that remain */
  remove(name: string): Preset[] {
    return this.#store(this.#without(name));
  }

  #without(name: string): Preset[] {
    const key = name.toLocaleLowerCase();
    return this.list().filter((preset) => preset.name.toLocaleLowerCase() !== key);
  }

  #store(presets: readonly Preset[]): Preset[] {
    const sorted = presets.toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    this.#library.setSetting(SETTING, JSON.stringify(sorted));
    return sorted;
  }
}
