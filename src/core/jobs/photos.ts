import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { calledBy, RasrError, toRasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import { readPhotoHeader } from '../photo/decode.ts';
import { safeFileName, safeSubfolder } from './photo-file-name.ts';

/** A photo that was handed to the app. Its file stays where it is. */
export interface HandedPhoto {
  readonly id: string;
  /** Absolute path. */
  readonly path: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** The folders it was found in, from the one that was given on, joined by `/`; empty for a file alone. */
  readonly subfolder: string;
}

type Forgotten = Pick<HandedPhoto, 'id' | 'path' | 'name'>;

/** Photos the hosts were given, by id: the renderer names photos by these and sees no paths. */
export class Photos {
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  /**
   * Takes note of a photo.
   *
   * @param folders those it was found in, the one that was given first
   * @throws RasrError as `readPhotoHeader`
   */
  add(file: string, folders: readonly string[] = []): Promise<HandedPhoto> {
    return this.#note(randomUUID(), file, folders);
  }

  /**
   * Stores a photo that was handed over as bytes in the library, and takes note of it. A refused one leaves nothing
   * behind.
   *
   * @param name as its user knows it; what no file name can have is replaced
   * @throws RasrError as `readPhotoHeader`, calling the photo by its name
   */
  async addBytes(
    name: string,
    bytes: Readable | Uint8Array,
    folders: readonly string[] = [],
  ): Promise<HandedPhoto> {
    const id = randomUUID();
    const safe = safeFileName(name);
    const file = this.#library.paths.photo(id, safe);
    try {
      await mkdir(path.dirname(file), { recursive: true });
      // In an array: a stream of bytes would be read as a list of numbers.
      const source = bytes instanceof Readable ? bytes : Readable.from([bytes]);
      await pipeline(source, createWriteStream(file));
      return await this.#note(id, file, folders);
    } catch (error) {
      await rm(path.dirname(file), { recursive: true, force: true });
      throw calledBy(toRasrError(error, safe), file, safe);
    }
  }

  /** @throws RasrError `FILE_MISSING` */
  get(id: string): HandedPhoto {
    const photo = this.#library.database
      .prepare<[string], HandedPhoto>(
        'SELECT id, path, name, width, height, subfolder FROM photo WHERE id = ?',
      )
      .get(id);
    if (photo === undefined) {
      throw new RasrError('FILE_MISSING', 'This photo is no longer in the list.', 'Add it again.');
    }
    return photo;
  }

  /** Whether the library has the only bytes of this photo that we know of. */
  isCopy({ id, path: file, name }: Forgotten): boolean {
    return file === this.#library.paths.photo(id, name);
  }

  /**
   * Forgets those photos that no job needs; copies that lie in the library are deleted, originals elsewhere
   * never.
   */
  async forget(ids: readonly string[]): Promise<void> {
    const { database } = this.#library;
    const remove = database.prepare<[string], Forgotten>(
      'DELETE FROM photo WHERE id = ? AND id NOT IN (SELECT photo_id FROM job) RETURNING id, path, name',
    );
    const forgotten = database.transaction(() => ids.flatMap((id) => remove.all(id))).immediate();
    await this.#deleteFiles(forgotten);
  }

  /**
   * Forgets every photo that neither a job nor a waiting import needs, and deletes copies that nothing knows of.
   * Called when the engine starts: a photo that was on its way in when an earlier run ended is in no list.
   */
  async sweep(): Promise<void> {
    const { database, paths } = this.#library;
    const forgotten = database
      .prepare<[], Forgotten>(
        `DELETE FROM photo
         WHERE id NOT IN (SELECT photo_id FROM job)
           AND id NOT IN (SELECT photo_id FROM import_file WHERE photo_id IS NOT NULL)
         RETURNING id, path, name`,
      )
      .all();
    const known = new Set(database.prepare<[], string>('SELECT id FROM photo').pluck().all());
    // Read at once: what is handed over from now on is none of ours.
    const folders = existsSync(paths.allPhotos) ? readdirSync(paths.allPhotos) : [];
    await this.#deleteFiles(forgotten);
    for (const folder of folders.filter((id) => !known.has(id))) {
      await rm(path.join(paths.allPhotos, folder), { recursive: true, force: true });
    }
  }

  async #note(id: string, file: string, folders: readonly string[]): Promise<HandedPhoto> {
    const { width, height } = await readPhotoHeader(file);
    const subfolder = safeSubfolder(folders);
    const photo = { id, path: path.resolve(file), name: path.basename(file), width, height, subfolder };
    this.#library.database
      .prepare(
        'INSERT INTO photo (id, path, name, width, height, subfolder, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(id, photo.path, photo.name, width, height, subfolder, new Date().toISOString());
    return photo;
  }

  async #deleteFiles(photos: readonly Forgotten[]): Promise<void> {
    for (const photo of photos.filter((each) => this.isCopy(each))) {
      await rm(path.dirname(photo.path), { recursive: true, force: true });
    }
    const { allPreviews } = this.#library.paths;
    const previews = existsSync(allPreviews) && photos.length > 0 ? await readdir(allPreviews) : [];
    const ids = new Set(photos.map(({ id }) => id));
    for (const preview of previews.filter((name) => ids.has(name.slice(0, UUID_LENGTH)))) {
      await rm(path.join(allPreviews, preview), { recursive: true, force: true });
    }
  }
}

const UUID_LENGTH = 36;
