import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { RasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import { deleteVectors } from '../library/vector-tables.ts';

/** A gallery and how many references it holds. */
export interface Gallery {
  readonly id: number;
  readonly name: string;
  readonly references: number;
  readonly createdAt: string;
  /** Hash of its newest reference, to show as its cover; null while it is empty. */
  readonly cover: string | null;
}

/** A reference in a gallery. Its pictures lie in the library under `sha256`. */
export interface Reference {
  readonly id: number;
  readonly galleryId: number;
  readonly gallery: string;
  readonly name: string;
  readonly sha256: string;
  /** Size of the stored proxy in pixels. */
  readonly width: number;
  readonly height: number;
}

const REFERENCE_COLUMNS = `
  reference.id, reference.gallery_id AS galleryId, gallery.name AS gallery, reference.name,
  reference.sha256, image.width, image.height
  FROM reference JOIN gallery ON gallery.id = reference.gallery_id JOIN image USING (sha256)`;

/** Galleries and their references in one library. */
export class Galleries {
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  list(): Gallery[] {
    return this.#select('ORDER BY name COLLATE NOCASE').all() as Gallery[];
  }

  /** @throws RasrError `GALLERY_MISSING`, naming the galleries there are */
  get(id: number): Gallery {
    const gallery = this.#select('WHERE gallery.id = ?').get(id);
    if (gallery === undefined) throw this.#missing(String(id));
    return gallery as Gallery;
  }

  /** Finds a gallery by its name, in any case. @throws RasrError `GALLERY_MISSING` */
  byName(name: string): Gallery {
    const id = this.#idOf(name);
    if (id === undefined) throw this.#missing(name);
    return this.get(id);
  }

  /** @throws RasrError `NAME_INVALID` or `NAME_TAKEN` */
  create(name: string): Gallery {
    const clean = checkedName(name);
    const id = this.#insert(clean);
    if (id === undefined) {
      throw new RasrError(
        'NAME_TAKEN',
        `There is a gallery called "${clean}" already.`,
        'Choose another name.',
      );
    }
    return this.get(id);
  }

  /** The gallery of that name, made if there is none. @throws RasrError `NAME_INVALID` */
  ensure(name: string): Gallery {
    const clean = checkedName(name);
    if (this.#idOf(clean) === undefined) this.#insert(clean);
    return this.byName(clean);
  }

  /** Removes a gallery, its references and the pictures no other gallery uses. @throws RasrError `GALLERY_MISSING` */
  async remove(id: number): Promise<void> {
    this.get(id);
    const { database } = this.#library;
    database
      .transaction(() => {
        deleteVectors(
          database,
          this.references(id).map((reference) => reference.id),
        );
        database.prepare('DELETE FROM gallery WHERE id = ?').run(id);
      })
      .immediate();
    await this.#deleteOrphanedPictures();
  }

  /** Removes one reference from its gallery. @throws RasrError `REFERENCE_MISSING` */
  async removeReference(id: number): Promise<void> {
    this.reference(id);
    const { database } = this.#library;
    database
      .transaction(() => {
        deleteVectors(database, [id]);
        database.prepare('DELETE FROM reference WHERE id = ?').run(id);
      })
      .immediate();
    await this.#deleteOrphanedPictures();
  }

  /** The references of a gallery in the order they came. */
  references(galleryId: number): Reference[] {
    return this.#library.database
      .prepare<[number], Reference>(`SELECT ${REFERENCE_COLUMNS} WHERE gallery_id = ? ORDER BY reference.id`)
      .all(galleryId);
  }

  /** @throws RasrError `REFERENCE_MISSING` */
  reference(id: number): Reference {
    const reference = this.#library.database
      .prepare<[number], Reference>(`SELECT ${REFERENCE_COLUMNS} WHERE reference.id = ?`)
      .get(id);
    if (reference === undefined) {
      throw new RasrError('REFERENCE_MISSING', 'This reference was removed.', 'Choose another one.');
    }
    return reference;
  }

  /** Those of these references that are still there, in this order. */
  existing(ids: readonly number[]): Reference[] {
    return this.#referencesWhere(
      'reference.id IN (SELECT value FROM json_each(?))',
      JSON.stringify(ids),
    ).sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
  }

  /** The references, in whichever galleries, that are of these pictures. */
  ofPictures(sha256s: readonly string[]): Reference[] {
    return this.#referencesWhere('sha256 IN (SELECT value FROM json_each(?))', JSON.stringify(sha256s));
  }

  /** Ids of all references that are of the same pictures as these. */
  samePictures(ids: readonly number[]): number[] {
    return this.ofPictures(this.existing(ids).map(({ sha256 }) => sha256)).map(({ id }) => id);
  }

  /**
   * The references whose own or whose gallery's name has a text in it, in any case, in the order they came.
   *
   * @param galleryId one gallery, or null for all
   */
  named(text: string, galleryId: number | null): Reference[] {
    const all =
      galleryId === null ? this.#referencesWhere('?', 1) : this.#referencesWhere('gallery_id = ?', galleryId);
    const wanted = folded(text);
    return all.filter(({ name, gallery }) => [name, gallery].some((one) => folded(one).includes(wanted)));
  }

  #referencesWhere(condition: string, value: string | number): Reference[] {
    return this.#library.database
      .prepare<[string | number], Reference>(
        `SELECT ${REFERENCE_COLUMNS} WHERE ${condition} ORDER BY reference.id`,
      )
      .all(value);
  }

  /**
   * Records a reference whose pictures are stored already.
   *
   * @returns false where the gallery holds this very picture already
   */
  add(galleryId: number, picture: { sha256: string; width: number; height: number }, name: string): boolean {
    const { database } = this.#library;
    const now = new Date().toISOString();
    return database
      .transaction(() => {
        database
          .prepare(
            'INSERT INTO image (sha256, width, height, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
          )
          .run(picture.sha256, picture.width, picture.height, now);
        const { changes } = database
          .prepare(
            'INSERT INTO reference (gallery_id, sha256, name, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
          )
          .run(galleryId, picture.sha256, name, now);
        return changes === 1;
      })
      .immediate();
  }

  /** Whether a gallery holds the picture with this hash. */
  holds(galleryId: number, sha256: string): boolean {
    return (
      this.#library.database
        .prepare('SELECT 1 FROM reference WHERE gallery_id = ? AND sha256 = ?')
        .get(galleryId, sha256) !== undefined
    );
  }

  /** Makes a gallery; undefined where the name is taken. */
  #insert(name: string): number | undefined {
    const { database } = this.#library;
    return database
      .transaction(() => {
        if (this.#idOf(name) !== undefined) return undefined;
        const { lastInsertRowid } = database
          .prepare('INSERT INTO gallery (name, created_at) VALUES (?, ?)')
          .run(name, new Date().toISOString());
        return Number(lastInsertRowid);
      })
      .immediate();
  }

  /** Names are compared here: SQLite folds the case of ASCII only, and file systems decompose accents. */
  #idOf(name: string): number | undefined {
    const wanted = folded(name);
    return this.#library.database
      .prepare<[], { id: number; name: string }>('SELECT id, name FROM gallery')
      .all()
      .find((gallery) => folded(gallery.name) === wanted)?.id;
  }

  async #deleteOrphanedPictures(): Promise<void> {
    const { database, paths } = this.#library;
    const orphans = database
      .prepare<[], { sha256: string }>(
        'DELETE FROM image WHERE sha256 NOT IN (SELECT sha256 FROM reference) RETURNING sha256',
      )
      .all();
    const models = existsSync(paths.allFeatures) ? await readdir(paths.allFeatures) : [];
    for (const { sha256 } of orphans) {
      await rm(paths.proxy(sha256), { force: true });
      await rm(paths.thumbnail(sha256), { force: true });
      for (const model of models) await rm(paths.features(sha256, model), { force: true });
    }
  }

  #select(tail: string) {
    return this.#library.database.prepare(`
      SELECT gallery.id, gallery.name, gallery.created_at AS createdAt,
        (SELECT count(*) FROM reference WHERE gallery_id = gallery.id) AS "references",
        (SELECT sha256 FROM reference WHERE gallery_id = gallery.id ORDER BY id DESC LIMIT 1) AS cover
      FROM gallery ${tail}`);
  }

  #missing(name: string): RasrError {
    const names = this.list().map((gallery) => `"${gallery.name}"`);
    return new RasrError(
      'GALLERY_MISSING',
      `There is no gallery called "${name}".`,
      names.length > 0 ? `There are: ${names.join(', ')}.` : 'Make one with "rasr gallery create NAME".',
    );
  }
}

function folded(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}

const MAX_NAME_LENGTH = 120;

function checkedName(name: string): string {
  const clean = name.trim().normalize('NFC');
  if (clean.length === 0 || clean.length > MAX_NAME_LENGTH || /\p{Cc}/u.test(clean)) {
    throw new RasrError(
      'NAME_INVALID',
      'A gallery needs a name.',
      `Use 1 to ${MAX_NAME_LENGTH} characters without line breaks.`,
    );
  }
  return clean;
}
