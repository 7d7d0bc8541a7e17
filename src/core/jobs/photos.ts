import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { RasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import { readPhotoHeader } from '../photo/decode.ts';

/** A photo that was handed to the app. Its file stays where it is. */
export interface HandedPhoto {
  readonly id: string;
  /** Absolute path. */
  readonly path: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

/** Photos the hosts were given, by id: the renderer names photos by these and sees no paths. */
export class Photos {
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  /** Makes an id under which a photo's bytes can be stored before they are handed over. */
  newId(): string {
    return randomUUID();
  }

  /**
   * Takes note of a photo.
   *
   * @throws RasrError as `readPhotoHeader`
   */
  async add(file: string, id = this.newId()): Promise<HandedPhoto> {
    const { width, height } = await readPhotoHeader(file);
    const photo = { id, path: path.resolve(file), name: path.basename(file), width, height };
    this.#library.database
      .prepare('INSERT INTO photo (id, path, name, width, height, created_at) VALUES (?, ?, ?, ?, ?, ?)')
      .run(id, photo.path, photo.name, width, height, new Date().toISOString());
    return photo;
  }

  /** @throws RasrError `FILE_MISSING` */
  get(id: string): HandedPhoto {
    const photo = this.#library.database
      .prepare<[string], HandedPhoto>('SELECT id, path, name, width, height FROM photo WHERE id = ?')
      .get(id);
    if (photo === undefined) {
      throw new RasrError('FILE_MISSING', 'This photo is no longer in the list.', 'Add it again.');
    }
    return photo;
  }

  /**
   * Forgets a photo unless a job still needs it; a copy that lies in the library is deleted, an original
   * elsewhere never.
   */
  async forget(id: string): Promise<void> {
    const photo = this.get(id);
    const { changes } = this.#library.database
      .prepare('DELETE FROM photo WHERE id = ? AND id NOT IN (SELECT photo_id FROM job)')
      .run(id);
    if (changes > 0 && photo.path === this.#library.paths.photo(id, photo.name)) {
      await rm(path.dirname(photo.path), { recursive: true, force: true });
    }
  }
}
