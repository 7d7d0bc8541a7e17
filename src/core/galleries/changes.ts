import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { RasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import {
  deleteVectors,
  putVectors,
  refileVectors,
  type StoredVector,
  vectorsOf,
} from '../library/vector-tables.ts';
import type { Galleries } from './galleries.ts';

/** How long a change can be undone, in ms: far longer than it is offered, and no picture is missed meanwhile. */
export const UNDO_MS = 3_600_000;

/** How long a window may offer to undo a change, in ms. A start lets go of older ones. */
export const OFFERED_MS = 60_000;

/** Setting that counts the changes undone: indexes that have seen all references look at them again. */
export const UNDONE = 'changesUndone';

/** Something that was done to galleries and can be undone for {@link UNDO_MS}. */
export interface Change {
  /** UUID. */
  readonly id: string;
  /** References that were removed or moved. */
  readonly references: number;
}

/** A reference as it was before a change. */
interface Before {
  readonly id: number;
  readonly galleryId: number;
  readonly sha256: string;
  readonly name: string;
  readonly createdAt: string;
  readonly removed: 0 | 1;
}

/**
 * Removes, moves and merges. Each change keeps what it took away, vectors and all, as rows, and the pictures as
 * files, until {@link GalleryChanges.purge} lets go of it; until then `undo` brings back exactly that.
 */
export class GalleryChanges {
  readonly #library: Library;
  readonly #galleries: Galleries;

  constructor(library: Library, galleries: Galleries) {
    this.#library = library;
    this.#galleries = galleries;
  }

  /** Removes a gallery and its references. @throws RasrError `GALLERY_MISSING` */
  removeGallery(id: number): Change {
    return this.#change((change) => {
      this.#removeReferences(change, this.#idsIn(id));
      this.#removeGallery(change, id);
    });
  }

  /** Removes references; those that are gone already are passed over. @throws RasrError `REFERENCE_MISSING` where all are */
  removeReferences(ids: readonly number[]): Change {
    return this.#change((change) => this.#removeReferences(change, ids));
  }

  /**
   * Moves references to another gallery. One whose picture that gallery holds already is removed from its own.
   *
   * @throws RasrError `GALLERY_MISSING`, or `REFERENCE_MISSING` where there is nothing to move
   */
  move(ids: readonly number[], galleryId: number): Change {
    this.#galleries.get(galleryId);
    return this.#change((change) => this.#move(change, ids, galleryId));
  }

  /** Moves all references of a gallery to another and removes it. @throws RasrError `GALLERY_MISSING`, `NAME_TAKEN` where both are one */
  merge(from: number, into: number): Change {
    this.#galleries.get(into);
    if (from === into) {
      throw new RasrError(
        'NAME_TAKEN',
        'A gallery cannot be merged into itself.',
        'Choose another gallery to merge it into.',
      );
    }
    return this.#change((change) => {
      this.#move(change, this.#idsIn(from), into);
      this.#removeGallery(change, from);
    });
  }

  /**
   * Brings back what a change took away. A gallery whose name another has taken meanwhile comes back under the
   * next free one.
   *
   * @param changeId without it, the last change
   * @throws RasrError `CHANGE_MISSING` where it was undone already or let go of, or there is none
   */
  undo(changeId = this.latest()): void {
    const { database } = this.#library;
    database
      .transaction(() => {
        const known = database.prepare('SELECT 1 FROM change WHERE id = ?').get(changeId);
        if (changeId === undefined || known === undefined) {
          throw new RasrError(
            'CHANGE_MISSING',
            'There is nothing left to undo.',
            'Add the files that references came from again.',
          );
        }
        this.#restoreGalleries(changeId);
        this.#restoreReferences(changeId);
        database.prepare('DELETE FROM change WHERE id = ?').run(changeId);
        this.#library.setSetting(UNDONE, String(Number(this.#library.setting(UNDONE) ?? 0) + 1));
      })
      .immediate();
  }

  /** The id of the last change that can be undone; undefined where there is none. */
  latest(): string | undefined {
    return this.#library.database
      .prepare<[], string>('SELECT id FROM change ORDER BY rowid DESC LIMIT 1')
      .pluck()
      .get();
  }

  /**
   * Lets go of changes for good, and deletes the pictures and features that no reference is left of.
   *
   * @param olderThanMs those made longer ago than this; 0 for all
   */
  async purge(olderThanMs: number): Promise<void> {
    const { database, paths } = this.#library;
    const before = new Date(Date.now() - olderThanMs).toISOString();
    const orphans = database
      .transaction(() => {
        const { changes } = database.prepare('DELETE FROM change WHERE created_at <= ?').run(before);
        if (changes === 0) return [];
        return database
          .prepare<[], string>(
            `DELETE FROM image WHERE NOT EXISTS (SELECT 1 FROM reference WHERE sha256 = image.sha256)
               AND NOT EXISTS (SELECT 1 FROM change_reference WHERE sha256 = image.sha256) RETURNING sha256`,
          )
          .pluck()
          .all();
      })
      .immediate();
    const models = existsSync(paths.allFeatures) ? await readdir(paths.allFeatures) : [];
    for (const sha256 of orphans) {
      await rm(paths.proxy(sha256), { force: true });
      await rm(paths.thumbnail(sha256), { force: true });
      for (const model of models) await rm(paths.features(sha256, model), { force: true });
    }
  }

  #change(work: (changeId: string) => void): Change {
    const { database } = this.#library;
    const id = randomUUID();
    return database
      .transaction(() => {
        database
          .prepare('INSERT INTO change (id, created_at) VALUES (?, ?)')
          .run(id, new Date().toISOString());
        work(id);
        const references = database
          .prepare<[string], number>('SELECT count(*) FROM change_reference WHERE change_id = ?')
          .pluck()
          .get(id)!;
        return { id, references };
      })
      .immediate();
  }

  #idsIn(galleryId: number): number[] {
    this.#galleries.get(galleryId);
    return this.#library.database
      .prepare<[number], number>('SELECT id FROM reference WHERE gallery_id = ?')
      .pluck()
      .all(galleryId);
  }

  #removeGallery(changeId: string, id: number): void {
    const { database } = this.#library;
    database
      .prepare(
        'INSERT INTO change_gallery (change_id, id, name, created_at) SELECT ?, id, name, created_at FROM gallery WHERE id = ?',
      )
      .run(changeId, id);
    database.prepare('DELETE FROM gallery WHERE id = ?').run(id);
  }

  #removeReferences(changeId: string, ids: readonly number[]): void {
    const { database } = this.#library;
    const known = this.#remember(changeId, ids, true);
    const keep = database.prepare(
      'INSERT INTO change_vector (change_id, reference_id, model_hash, embedding) VALUES (?, ?, ?, ?)',
    );
    for (const { referenceId, modelHash, embedding } of vectorsOf(database, known)) {
      keep.run(changeId, referenceId, modelHash, embedding);
    }
    deleteVectors(database, known);
    const remove = database.prepare('DELETE FROM reference WHERE id = ?');
    for (const id of known) remove.run(id);
  }

  #move(changeId: string, ids: readonly number[], galleryId: number): void {
    const { database } = this.#library;
    const here = database
      .prepare<[number, number], 0 | 1>(
        `SELECT EXISTS (SELECT 1 FROM reference AS other WHERE other.gallery_id = ? AND other.sha256 = reference.sha256)
         FROM reference WHERE id = ?`,
      )
      .pluck();
    const file = database.prepare('UPDATE reference SET gallery_id = ? WHERE id = ?');
    const elsewhere = this.#elsewhere(ids, galleryId);
    const moved: number[] = [];
    const twice: number[] = [];
    for (const id of elsewhere) {
      if (here.get(galleryId, id) === 1) twice.push(id);
      else {
        this.#remember(changeId, [id], false);
        file.run(galleryId, id);
        moved.push(id);
      }
    }
    refileVectors(database, moved);
    if (twice.length > 0) this.#removeReferences(changeId, twice);
  }

  /** Those of the references that are not in the gallery. */
  #elsewhere(ids: readonly number[], galleryId: number): number[] {
    const galleryOf = this.#library.database
      .prepare<[number], number>('SELECT gallery_id FROM reference WHERE id = ?')
      .pluck();
    return ids.filter((id) => {
      const now = galleryOf.get(id);
      return now !== undefined && now !== galleryId;
    });
  }

  /** Writes references down as they are. @returns the ids of those there are */
  #remember(changeId: string, ids: readonly number[], removed: boolean): number[] {
    const insert = this.#library.database.prepare(
      `INSERT INTO change_reference (change_id, id, gallery_id, sha256, name, created_at, removed)
       SELECT ?, id, gallery_id, sha256, name, created_at, ? FROM reference WHERE id = ? ON CONFLICT DO NOTHING`,
    );
    const known = ids.filter((id) => insert.run(changeId, removed ? 1 : 0, id).changes === 1);
    if (known.length === 0 && ids.length > 0) {
      throw new RasrError('REFERENCE_MISSING', 'This reference was removed.', 'Choose another one.');
    }
    return known;
  }

  #restoreGalleries(changeId: string): void {
    const { database } = this.#library;
    const galleries = database
      .prepare<[string], { id: number; name: string; createdAt: string }>(
        'SELECT id, name, created_at AS createdAt FROM change_gallery WHERE change_id = ?',
      )
      .all(changeId);
    for (const { id, name, createdAt } of galleries) {
      database
        .prepare('INSERT INTO gallery (id, name, created_at) VALUES (?, ?, ?)')
        .run(id, this.#galleries.freeName(name), createdAt);
    }
  }

  #restoreReferences(changeId: string): void {
    const { database } = this.#library;
    const before = database
      .prepare<[string], Before>(
        `SELECT id, gallery_id AS galleryId, sha256, name, created_at AS createdAt, removed
         FROM change_reference WHERE change_id = ?`,
      )
      .all(changeId);
    // Where the gallery is gone or has got the same picture meanwhile, a reference stays as it is.
    const insert = database.prepare(
      `INSERT INTO reference (id, gallery_id, sha256, name, created_at)
       SELECT ?, gallery.id, ?, ?, ? FROM gallery WHERE gallery.id = ? ON CONFLICT DO NOTHING`,
    );
    const moveBack = database.prepare(
      `UPDATE OR IGNORE reference SET gallery_id = @galleryId
       WHERE id = @id AND EXISTS (SELECT 1 FROM gallery WHERE id = @galleryId)`,
    );
    const moved: number[] = [];
    for (const { id, galleryId, sha256, name, createdAt, removed } of before) {
      if (removed === 1) insert.run(id, sha256, name, createdAt, galleryId);
      else if (moveBack.run({ id, galleryId }).changes === 1) moved.push(id);
    }
    const vectors = database
      .prepare<[string], StoredVector>(
        `SELECT model_hash AS modelHash, reference_id AS referenceId, embedding
         FROM change_vector WHERE change_id = ?`,
      )
      .all(changeId);
    putVectors(database, vectors);
    refileVectors(database, moved);
  }
}
