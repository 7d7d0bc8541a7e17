import type { Database } from 'better-sqlite3';

/**
 * The schema, one step a version. A step that has shipped is never edited: a change is a new step.
 * Applied in one transaction each; `PRAGMA user_version` remembers how far a library is.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;

  CREATE TABLE gallery (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
    created_at TEXT NOT NULL
  ) STRICT;

  -- One row a distinct picture (by the hash of the file's bytes); galleries share it.
  CREATE TABLE image (
    sha256     TEXT PRIMARY KEY,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE reference (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    gallery_id INTEGER NOT NULL REFERENCES gallery(id) ON DELETE CASCADE,
    sha256     TEXT NOT NULL REFERENCES image(sha256),
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (gallery_id, sha256)
  ) STRICT;
  CREATE INDEX reference_by_image ON reference(sha256);

  -- One vector table a retriever: vectors of different models are never compared.
  CREATE TABLE vector_table (
    model_hash TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    dimension  INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE photo (
    id         TEXT PRIMARY KEY,
    path       TEXT NOT NULL,
    name       TEXT NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE job (
    id          TEXT PRIMARY KEY,
    photo_id    TEXT NOT NULL REFERENCES photo(id),
    settings    TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    output      TEXT,
    record      TEXT,
    error       TEXT,
    created_at  TEXT NOT NULL,
    finished_at TEXT
  ) STRICT;
  CREATE INDEX job_by_state ON job(state, created_at);
  `,
  `
  -- What similarities mean under a retriever, as measured on this library's own galleries.
  CREATE TABLE calibration (
    model_hash  TEXT PRIMARY KEY,
    threshold   REAL NOT NULL,
    same_kind   REAL NOT NULL,
    same_object REAL,
    queries     INTEGER NOT NULL,
    -- How many references the library held then: with many more or fewer it is measured again.
    held        INTEGER NOT NULL,
    created_at  TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- The folders a photo was found in, from the one the user gave on, joined by '/'.
  ALTER TABLE photo ADD COLUMN subfolder TEXT NOT NULL DEFAULT '';
  -- Whether a job still needs a photo is asked for each of thousands.
  CREATE INDEX job_by_photo ON job(photo_id);
  `,
  `
  -- How much detail a picture has for its size, 0…1; null in libraries of earlier versions.
  ALTER TABLE image ADD COLUMN sharpness REAL;

  -- What was done to galleries and can be undone: galleries and references as they were before.
  CREATE TABLE change (
    id         TEXT PRIMARY KEY,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE change_gallery (
    change_id  TEXT NOT NULL REFERENCES change(id) ON DELETE CASCADE,
    id         INTEGER NOT NULL,
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (change_id, id)
  ) STRICT;

  CREATE TABLE change_reference (
    change_id  TEXT NOT NULL REFERENCES change(id) ON DELETE CASCADE,
    id         INTEGER NOT NULL,
    gallery_id INTEGER NOT NULL,
    sha256     TEXT NOT NULL REFERENCES image(sha256),
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL,
    -- Whether it was removed; else it is in another gallery now.
    removed    INTEGER NOT NULL,
    PRIMARY KEY (change_id, id)
  ) STRICT;
  CREATE INDEX change_reference_by_image ON change_reference(sha256);

  CREATE TABLE change_vector (
    change_id    TEXT NOT NULL REFERENCES change(id) ON DELETE CASCADE,
    reference_id INTEGER NOT NULL,
    model_hash   TEXT NOT NULL,
    embedding    BLOB NOT NULL,
    PRIMARY KEY (change_id, reference_id, model_hash)
  ) STRICT;

  -- Files given to a gallery: those that wait, and what became of the others, until the user has seen it.
  CREATE TABLE import (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    gallery_id INTEGER NOT NULL REFERENCES gallery(id) ON DELETE CASCADE,
    -- Files that were given. While the window hands them over, fewer of them are in import_file.
    expected   INTEGER NOT NULL,
    -- Files that will never come, since the window was closed before it had handed them over.
    missing    INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX import_by_gallery ON import(gallery_id);

  CREATE TABLE import_file (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    import_id INTEGER NOT NULL REFERENCES import(id) ON DELETE CASCADE,
    name      TEXT NOT NULL,
    -- The photo that was handed over, while it waits.
    photo_id  TEXT,
    state     TEXT NOT NULL CHECK (state IN ('waiting', 'added', 'duplicate', 'refused')),
    sha256    TEXT,
    code      TEXT,
    message   TEXT,
    remedy    TEXT
  ) STRICT;
  CREATE INDEX import_file_by_import ON import_file(import_id);
  CREATE INDEX import_file_waiting ON import_file(id) WHERE state = 'waiting';
  `,
];

/**
 * Brings a database to the newest schema.
 *
 * @throws Error where the library was written by a newer version of the app
 */
export function migrate(database: Database): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    throw new Error(
      `it was made by a newer version (schema ${version}, this one knows ${MIGRATIONS.length})`,
    );
  }
  for (let step = version; step < MIGRATIONS.length; step++) {
    database
      .transaction(() => {
        // Another process may have migrated while we waited for the write lock.
        if ((database.pragma('user_version', { simple: true }) as number) > step) return;
        database.exec(MIGRATIONS[step]!);
        database.pragma(`user_version = ${step + 1}`);
      })
      .immediate();
  }
}
