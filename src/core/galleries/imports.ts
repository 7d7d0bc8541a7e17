import { EventEmitter } from 'node:events';
import { RasrError, toRasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import type { ImportItem, ImportOutcome } from './import.ts';

/** A file given to a gallery, and what became of it. */
export interface ImportFile {
  readonly id: number;
  readonly importId: number;
  readonly name: string;
  readonly state: 'waiting' | ImportOutcome['kind'];
  /** Hash of the picture, where the gallery holds it now. */
  readonly sha256: string | null;
  /** Why it was refused, else null. */
  readonly code: string | null;
  readonly message: string | null;
  readonly remedy: string | null;
}

/** Files that were given to a gallery, until the user has seen what became of them. */
export interface Import {
  readonly id: number;
  readonly galleryId: number;
  /** How many files were given. */
  readonly expected: number;
  /** How many of them never arrived, since the window was closed before it had handed them over. */
  readonly missing: number;
}

/** What happens to imports. */
export type ImportChange =
  | { readonly kind: 'import'; readonly import: Import }
  | { readonly kind: 'file'; readonly file: ImportFile }
  | { readonly kind: 'removed'; readonly importId: number };

/** A file that could not be handed over. */
export interface RefusedFile {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** What imports work with. */
export interface ImportTools {
  readonly library: Library;
  /** A photo that was handed over. @throws RasrError `FILE_MISSING` */
  photo(id: string): { readonly path: string; readonly name: string };
  /** Deletes the copy of a photo that lies in the library; an original elsewhere stays. */
  forget(photoId: string): Promise<void>;
  run(items: AsyncIterable<WaitingItem>, signal: AbortSignal): AsyncIterable<ImportOutcome<WaitingItem>>;
  /** Called when nothing waits any more. */
  onSettled(): void;
}

/** An item of the queue. */
export interface WaitingItem extends ImportItem {
  readonly fileId: number;
  readonly photoId: string;
  readonly name: string;
}

/** Milliseconds without news from a window, after which what it has not handed over is held to be lost. */
const HANDING_OVER_MS = 60_000;

const FILE_COLUMNS = 'id, import_id AS importId, name, state, sha256, code, message, remedy';

/**
 * Imports that windows begin: a queue of rows, so that closing the window or the app loses no file that was
 * handed over, and the list of what became of each is there again afterwards.
 */
export class Imports {
  readonly events = new EventEmitter<{ change: [ImportChange] }>();
  readonly #tools: ImportTools;
  readonly #open = new Map<number, ReturnType<typeof setTimeout>>();
  readonly #abort = new AbortController();
  #working: Promise<void> | null = null;

  constructor(tools: ImportTools) {
    this.events.setMaxListeners(0);
    this.#tools = tools;
  }

  /** Imports and their files, in the order they were given. */
  list(): { imports: Import[]; files: ImportFile[] } {
    const { database } = this.#tools.library;
    return {
      imports: database.prepare<[], Import>(`${IMPORTS} ORDER BY id`).all(),
      files: database.prepare<[], ImportFile>(`SELECT ${FILE_COLUMNS} FROM import_file ORDER BY id`).all(),
    };
  }

  /**
   * Takes note that files will be handed over; they join an import of the gallery that still runs.
   *
   * @returns the import they belong to
   */
  begin(galleryId: number, files: number): Import {
    const { database } = this.#tools.library;
    const id = database
      .transaction(() => {
        const running = this.#ofGallery(galleryId).find((one) => !this.#isOver(one));
        if (running !== undefined) {
          database.prepare('UPDATE import SET expected = expected + ? WHERE id = ?').run(files, running.id);
          return running.id;
        }
        // What the last one came to has been seen.
        for (const { id: over } of this.#ofGallery(galleryId)) this.dismiss(over);
        const { lastInsertRowid } = database
          .prepare('INSERT INTO import (gallery_id, expected) VALUES (?, ?)')
          .run(galleryId, files);
        return Number(lastInsertRowid);
      })
      .immediate();
    this.#hearFrom(id);
    return this.#tell(id)!;
  }

  /** Queues photos that were handed over, and lists those that could not be. An import that is gone takes none. */
  add(importId: number, photoIds: readonly string[], refused: readonly RefusedFile[]): void {
    const { database } = this.#tools.library;
    const insert = database.prepare<unknown[], ImportFile>(
      `INSERT INTO import_file (import_id, name, photo_id, state, code, message, remedy)
       SELECT id, ?, ?, ?, ?, ?, ? FROM import WHERE id = ? RETURNING ${FILE_COLUMNS}`,
    );
    const files = database
      .transaction(() => [
        ...photoIds.map((photoId) =>
          insert.get(this.#tools.photo(photoId).name, photoId, 'waiting', null, null, null, importId),
        ),
        ...refused.map(({ name, code, message, remedy }) =>
          insert.get(name, null, 'refused', code, message, remedy, importId),
        ),
      ])
      .immediate();
    for (const file of files) if (file !== undefined) this.events.emit('change', { kind: 'file', file });
    this.#hearFrom(importId);
    this.wake();
  }

  /** Holds what was not handed over of an import to be lost. */
  close(importId: number): void {
    clearTimeout(this.#open.get(importId));
    this.#open.delete(importId);
    const { changes } = this.#tools.library.database
      .prepare(
        `UPDATE import SET missing = expected - (SELECT count(*) FROM import_file WHERE import_id = import.id)
         WHERE id = ? AND missing < expected - (SELECT count(*) FROM import_file WHERE import_id = import.id)`,
      )
      .run(importId);
    if (changes > 0) this.#tell(importId);
  }

  /** Takes an import that is over off the list. */
  dismiss(importId: number): void {
    const one = this.#find(importId);
    if (one === undefined || !this.#isOver(one)) return;
    this.#tools.library.database.prepare('DELETE FROM import WHERE id = ?').run(importId);
    this.events.emit('change', { kind: 'removed', importId });
  }

  /** Goes on with what an earlier process left. */
  resume(): void {
    for (const { id } of this.list().imports) this.close(id);
    this.wake();
  }

  wake(): void {
    if (this.#working !== null || this.#abort.signal.aborted || this.#nextWaiting(0) === undefined) return;
    this.#working = this.#work().finally(() => {
      this.#working = null;
      if (this.#abort.signal.aborted) return;
      if (this.#nextWaiting(0) !== undefined) this.wake();
      else this.#tools.onSettled();
    });
  }

  /** Resolves once nothing waits. */
  async settled(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  /** Ends after the files at hand; the next start goes on. */
  async stop(): Promise<void> {
    this.#abort.abort();
    for (const timer of this.#open.values()) clearTimeout(timer);
    await this.#working;
  }

  async #work(): Promise<void> {
    const { signal } = this.#abort;
    let last: WaitingItem | undefined;
    try {
      for await (const outcome of this.#tools.run(this.#waiting(), signal)) {
        last = outcome;
        await this.#settle(outcome);
      }
    } catch (error) {
      if (signal.aborted) return;
      // A full disk stops every file: each is told, and given again later.
      const { code, message, remedy } = toRasrError(error, last?.name ?? 'The import');
      for (let next = this.#nextWaiting(0); next !== undefined; next = this.#nextWaiting(next.fileId)) {
        await this.#settle({ ...next, kind: 'refused', error: new RasrError(code, message, remedy) });
      }
    }
  }

  async *#waiting(): AsyncGenerator<WaitingItem> {
    for (let next = this.#nextWaiting(0); next !== undefined; next = this.#nextWaiting(next.fileId)) {
      if (this.#abort.signal.aborted) return;
      yield next;
    }
  }

  #nextWaiting(after: number): WaitingItem | undefined {
    const row = this.#tools.library.database
      .prepare<
        [number],
        { fileId: number; gallery: number; photoId: string; name: string; file: string | null }
      >(
        `SELECT import_file.id AS fileId, gallery_id AS gallery, photo_id AS photoId, import_file.name, photo.path AS file
         FROM import_file JOIN import ON import.id = import_id LEFT JOIN photo ON photo.id = photo_id
         WHERE state = 'waiting' AND import_file.id > ? ORDER BY import_file.id LIMIT 1`,
      )
      .get(after);
    // A photo that is no longer known is refused like any file that is gone.
    return row === undefined ? undefined : { ...row, file: row.file ?? row.name };
  }

  async #settle(outcome: ImportOutcome<WaitingItem>): Promise<void> {
    const refusal = outcome.kind === 'refused' ? outcome.error : null;
    const file = this.#tools.library.database
      .prepare<unknown[], ImportFile>(
        `UPDATE import_file SET state = ?, sha256 = ?, code = ?, message = ?, remedy = ?, photo_id = NULL
         WHERE id = ? RETURNING ${FILE_COLUMNS}`,
      )
      .get(
        outcome.kind,
        outcome.kind === 'refused' ? null : outcome.sha256,
        refusal?.code ?? null,
        // People know the file by its name; where the library keeps its copy says nothing to them.
        refusal?.message.replaceAll(outcome.file, outcome.name) ?? null,
        refusal?.remedy ?? null,
        outcome.fileId,
      );
    if (file !== undefined) this.events.emit('change', { kind: 'file', file });
    await this.#tools.forget(outcome.photoId).catch(() => {});
  }

  #hearFrom(importId: number): void {
    clearTimeout(this.#open.get(importId));
    this.#open.delete(importId);
    const one = this.#find(importId);
    if (one === undefined || this.#arrived(importId) + one.missing >= one.expected) return;
    this.#open.set(importId, setTimeout(() => this.close(importId), HANDING_OVER_MS).unref());
  }

  #tell(importId: number): Import | undefined {
    const one = this.#find(importId);
    if (one !== undefined) this.events.emit('change', { kind: 'import', import: one });
    return one;
  }

  #isOver({ id, expected, missing }: Import): boolean {
    const waiting = this.#tools.library.database
      .prepare<[number], number>("SELECT count(*) FROM import_file WHERE import_id = ? AND state = 'waiting'")
      .pluck()
      .get(id)!;
    return waiting === 0 && this.#arrived(id) + missing >= expected;
  }

  #arrived(importId: number): number {
    return this.#tools.library.database
      .prepare<[number], number>('SELECT count(*) FROM import_file WHERE import_id = ?')
      .pluck()
      .get(importId)!;
  }

  #find(importId: number): Import | undefined {
    return this.#tools.library.database.prepare<[number], Import>(`${IMPORTS} WHERE id = ?`).get(importId);
  }

  #ofGallery(galleryId: number): Import[] {
    return this.#tools.library.database
      .prepare<[number], Import>(`${IMPORTS} WHERE gallery_id = ?`)
      .all(galleryId);
  }
}

const IMPORTS = 'SELECT id, gallery_id AS galleryId, expected, missing FROM import';
