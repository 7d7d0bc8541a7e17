import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { RasrError } from '../errors.ts';
import { type ImportItem, planImport } from './import.ts';

const description = z.object({
  photos: z.array(z.object({ file: z.string(), title: z.string(), gallery: z.string().nullable() })),
});

/** A poor photo to try RASR on. */
export interface SamplePhoto {
  /** Names it; also the name of its file. */
  readonly name: string;
  readonly title: string;
}

/** Galleries and photos that come along with RASR: all of them rendered, so that anybody may do anything with them. */
export class Samples {
  readonly #folder: string;

  /** @param folder with `samples.json`, `galleries` and `photos` */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async photos(): Promise<SamplePhoto[]> {
    const json: unknown = JSON.parse(await readFile(path.join(this.#folder, 'samples.json'), 'utf8'));
    return description.parse(json).photos.map(({ file, title }) => ({ name: path.basename(file), title }));
  }

  /** Where a sample photo lies. @throws RasrError `FILE_MISSING` for a name that is none of theirs */
  async fileOf(name: string): Promise<string> {
    const known = (await this.photos()).some((photo) => photo.name === name);
    if (!known) throw new RasrError('FILE_MISSING', `${name} is no sample photo.`, 'Choose one of the list.');
    return path.join(this.#folder, 'photos', name);
  }

  /** Every reference of the sample galleries, to be imported. */
  references(): Promise<ImportItem[]> {
    return planImport([path.join(this.#folder, 'galleries')]);
  }
}
