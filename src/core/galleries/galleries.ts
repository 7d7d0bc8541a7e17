import type { Database } from 'better-sqlite3';
import { RasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import { GalleryChanges } from './changes.ts';

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
  /** How much detail it has for its size, 0…1; null where that was never measured. */
  readonly sharpness: number | null;
  /** When it was added, ISO 8601. */
  readonly createdAt: string;
}

/** A picture whose proxy is stored, as `storeProxy` leaves it. */
export type StoredPicture = Pick<Reference, 'sha256' | 'width' | 'height' | 'sharpness'>;

const REFERENCE_COLUMNS = `
  reference.id, reference.gallery_id AS galleryId, gallery.name AS gallery, reference.name,
  reference.sha256, image.width, image.height, image.sharpness, reference.created_at AS createdAt
  FROM reference JOIN gallery ON gallery.id = reference.gallery_id JOIN image USING (sha256)`;

/** What references can be ordered by, and the SQL of it. Names are ordered as people count: 2 before 10. */
const ORDERS = {
  added: 'reference.created_at',
  name: 'natural_key(reference.name)',
  size: 'image.width * image.height',
  sharpness: 'image.sharpness',
} as const;
export type ReferenceOrder = keyof typeof ORDERS;
export const REFERENCE_ORDERS = Object.keys(ORDERS) as ReferenceOrder[];

/** Galleries and their references in one library. */
export class Galleries {
  /** What removes, moves and merges, and takes that back. */
  readonly changes: GalleryChanges;
  readonly #library: Library;
  readonly #statements: ReturnType<typeof statementsOfImport>;

  constructor(library: Library) {
    this.#library = library;
    this.#statements = statementsOfImport(library.database);
    this.changes = new GalleryChanges(library, this);
    library.database.function('natural_key', { deterministic: true }, (name) => naturalKey(String(name)));
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
    if (id === undefined) throw nameTaken(clean);
    return this.get(id);
  }

  /** The id of the gallery of that name, made if there is none. @throws RasrError `NAME_INVALID` */
  ensure(name: string): number {
    const clean = checkedName(name);
    return this.#idOf(clean) ?? this.#insert(clean) ?? this.byName(clean).id;
  }

  /** The id, if there is a gallery of it. @throws RasrError `GALLERY_MISSING` */
  checked(id: number): number {
    if (this.#statements.gallery.get(id) === undefined) throw this.#missing(String(id));
    return id;
  }

  /** @throws RasrError `GALLERY_MISSING`, `NAME_INVALID` or `NAME_TAKEN` */
  rename(id: number, name: string): Gallery {
    const clean = checkedName(name);
    this.get(id);
    this.#library.database
      .transaction(() => {
        const holder = this.#idOf(clean);
        if (holder !== undefined && holder !== id) throw nameTaken(clean);
        this.#library.database.prepare('UPDATE gallery SET name = ? WHERE id = ?').run(clean, id);
      })
      .immediate();
    return this.get(id);
  }

  /** The name itself, or where another gallery has it, the first of "name 2", "name 3"… that none has. */
  freeName(name: string): string {
    const clean = checkedName(name);
    for (let n = 1; ; n++) {
      const candidate = n === 1 ? clean : `${clean.slice(0, MAX_NAME_LENGTH - 8)} ${n}`;
      if (this.#idOf(candidate) === undefined) return candidate;
    }
  }

  /**
   * The ids of a gallery's references in an order; those that are alike in it in the order they came. Of ten
   * thousand references that is little, and {@link some} tells of those that are looked at.
   */
  order(galleryId: number, by: ReferenceOrder, descending: boolean): number[] {
    return this.#library.database
      .prepare<[number], number>(
        `SELECT reference.id FROM reference JOIN image USING (sha256) WHERE gallery_id = ?
         ORDER BY ${ORDERS[by]} ${descending ? 'DESC' : 'ASC'}, reference.id ${descending ? 'DESC' : 'ASC'}`,
      )
      .pluck()
      .all(galleryId);
  }

  /** References by their ids, in no particular order; those that are gone are left out. */
  some(ids: readonly number[]): Reference[] {
    return this.#library.database
      .prepare<[string], Reference>(
        `SELECT ${REFERENCE_COLUMNS} WHERE reference.id IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify(ids));
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
  add(galleryId: number, picture: StoredPicture, name: string): boolean {
    const now = new Date().toISOString();
    return this.#library.database
      .transaction(() => {
        const { addImage, addReference } = this.#statements;
        addImage.run(picture.sha256, picture.width, picture.height, picture.sharpness, now);
        const { changes } = addReference.run(galleryId, picture.sha256, name, now);
        return changes === 1;
      })
      .immediate();
  }

  /** Whether a gallery holds the picture with this hash. */
  holds(galleryId: number, sha256: string): boolean {
    return this.#statements.holds.get(galleryId, sha256) !== undefined;
  }

  /** Makes a gallery; undefined where the name is taken. */
  #insert(name: string): number | undefined {
    const { database } = this.#library;
    return database
      .transaction(() => {
        if (this.#idOf(name) !== undefined) return undefined;
        // The id of a gallery whose removal can be undone stays its own.
        const { lastInsertRowid } = database
          .prepare(
            `INSERT INTO gallery (id, name, created_at)
             SELECT 1 + ifnull(max(id), 0), ?, ? FROM (SELECT id FROM gallery UNION ALL SELECT id FROM change_gallery)`,
          )
          .run(name, new Date().toISOString());
        return Number(lastInsertRowid);
      })
      .immediate();
  }

  /** Names are compared here: SQLite folds the case of ASCII only, and file systems decompose accents. */
  #idOf(name: string): number | undefined {
    const wanted = folded(name);
    return this.#statements.names.all().find((gallery) => folded(gallery.name) === wanted)?.id;
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

/** What an import runs for every file: to prepare it takes longer than to run it. */
function statementsOfImport(database: Database) {
  return {
    names: database.prepare<[], { id: number; name: string }>('SELECT id, name FROM gallery'),
    gallery: database.prepare<[number]>('SELECT 1 FROM gallery WHERE id = ?'),
    holds: database.prepare<[number, string]>('SELECT 1 FROM reference WHERE gallery_id = ? AND sha256 = ?'),
    addImage: database.prepare(
      `INSERT INTO image (sha256, width, height, sharpness, created_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET sharpness = excluded.sharpness`,
    ),
    addReference: database.prepare(
      'INSERT INTO reference (gallery_id, sha256, name, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
  };
}

function nameTaken(name: string): RasrError {
  return new RasrError('NAME_TAKEN', `There is a gallery called "${name}" already.`, 'Choose another name.');
}

function folded(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}

/** Sorts as people do: without regard to case, and numbers by their value. */
function naturalKey(name: string): string {
  return folded(name).replace(/\d+/g, (digits) => digits.padStart(12, '0'));
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
