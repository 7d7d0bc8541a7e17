import { randomUUID } from 'node:crypto';
import { RasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import type { RestorationRecord } from '../restoration/record.ts';
import type { JobWork, WorkSample } from './batch.ts';
import { type Job, type JobError, type JobSettings, jobSettings } from './job.ts';

interface JobRow {
  readonly id: string;
  readonly photoId: string;
  readonly photo: string;
  readonly settings: string;
  readonly state: Job['state'];
  readonly output: string | null;
  readonly record: string | null;
  readonly error: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** Key of the library's setting that remembers a pause. */
const STATE_SETTING = 'queue';

/** Finished photos that tell how long the next will take. */
const SAMPLES = 12;

/** A job that brought the engine down this often is not tried again. */
const MAX_ATTEMPTS = 2;

const select = (record: string) => `
  SELECT job.id, photo_id AS photoId, photo.name AS photo, settings, state, output, ${record} AS record, error,
    job.created_at AS createdAt, finished_at AS finishedAt
  FROM job JOIN photo ON photo.id = job.photo_id`;
const SELECT = select('record');
/** Weight maps are most of a list of thousands, and nobody looks at more than one. */
const SELECT_LIGHT = select("json_replace(record, '$.sameObject.weightMap', '')");

/** The persistent queue: jobs are rows, so that a restart loses none. */
export class JobQueue {
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  /** All jobs in the order they were added, their records with empty weight maps. */
  list(): Job[] {
    const rows = this.#library.database.prepare<[], JobRow>(`${SELECT_LIGHT} ORDER BY job.rowid`).all();
    // Jobs of a batch have the same settings: they are read once.
    const known = new Map<string, JobSettings>();
    return rows.map((row) => {
      const settings = known.get(row.settings) ?? readSettings(row.settings);
      known.set(row.settings, settings);
      return asJob(row, settings);
    });
  }

  /** @throws RasrError `JOB_MISSING` */
  get(id: string): Job {
    const row = this.#library.database.prepare<[string], JobRow>(`${SELECT} WHERE job.id = ?`).get(id);
    if (row === undefined)
      throw new RasrError('JOB_MISSING', 'This job was removed.', 'Add the photo again.');
    return asJob(row);
  }

  add(photoIds: readonly string[], settings: JobSettings): Job[] {
    const insert = this.#library.database.prepare(
      "INSERT INTO job (id, photo_id, settings, state, created_at) VALUES (?, ?, ?, 'queued', ?)",
    );
    const ids = photoIds.map(() => randomUUID());
    this.#library.database
      .transaction(() => {
        photoIds.forEach((photoId, i) => {
          insert.run(ids[i], photoId, JSON.stringify(settings), new Date().toISOString());
        });
      })
      .immediate();
    return ids.map((id) => this.get(id));
  }

  /** Takes the oldest queued job and marks it running, or returns undefined. */
  take(): Job | undefined {
    const row = this.#library.database
      .prepare<[], { id: string }>(
        `UPDATE job SET state = 'running', attempts = attempts + 1
         WHERE id = (SELECT id FROM job WHERE state = 'queued' ORDER BY rowid LIMIT 1) RETURNING id`,
      )
      .get();
    return row === undefined ? undefined : this.get(row.id);
  }

  /** Remembers where a running job's output will be, so that a crash leaves no doubt whose it is. */
  claimOutput(id: string, output: string): void {
    this.#library.database
      .prepare("UPDATE job SET output = ? WHERE id = ? AND state = 'running'")
      .run(output, id);
  }

  /** Names of the outputs that were made of a photo. */
  outputNames(photoId: string): string[] {
    return this.#library.database
      .prepare<[string], string>(
        "SELECT record ->> '$.output.name' FROM job WHERE photo_id = ? AND state = 'done'",
      )
      .pluck()
      .all(photoId);
  }

  finish(id: string, output: string, record: RestorationRecord): Job {
    return this.#end(id, 'done', output, JSON.stringify(record), null);
  }

  fail(id: string, error: JobError): Job {
    return this.#end(id, 'failed', null, null, JSON.stringify(error));
  }

  cancel(id: string): Job {
    return this.#end(id, 'cancelled', null, null, null);
  }

  /** Returns a job that was taken and not begun in earnest: it does not count as an attempt. */
  putBack(id: string): Job {
    this.#library.database
      .prepare(
        `UPDATE job SET state = 'queued', attempts = attempts - 1, output = NULL
         WHERE id = ? AND state = 'running'`,
      )
      .run(id);
    return this.get(id);
  }

  /** Queues a job again that failed or was cancelled. @throws RasrError `JOB_NOT_READY` */
  retry(id: string): Job {
    const { changes } = this.#library.database
      .prepare(
        `UPDATE job SET state = 'queued', attempts = 0, error = NULL, finished_at = NULL
         WHERE id = ? AND state IN ('failed', 'cancelled')`,
      )
      .run(id);
    if (changes === 0) {
      throw new RasrError(
        'JOB_NOT_READY',
        'Only a failed or cancelled job can be tried again.',
        'Wait for it to end.',
      );
    }
    return this.get(id);
  }

  remove(id: string): void {
    this.#library.database.prepare('DELETE FROM job WHERE id = ?').run(id);
  }

  /** Whether the user paused the queue, in this run of the app or in an earlier one. */
  get paused(): boolean {
    return this.#library.setting(STATE_SETTING) === 'paused';
  }

  set paused(paused: boolean) {
    this.#library.setSetting(STATE_SETTING, paused ? 'paused' : 'working');
  }

  /** Whether a job waits or runs. */
  hasOpen(): boolean {
    const row = this.#library.database
      .prepare("SELECT 1 FROM job WHERE state IN ('queued', 'running') LIMIT 1")
      .get();
    return row !== undefined;
  }

  /** Cancels every job that waits. */
  cancelWaiting(): void {
    this.#library.database
      .prepare("UPDATE job SET state = 'cancelled', finished_at = ? WHERE state = 'queued'")
      .run(new Date().toISOString());
  }

  /** Queues every failed job again. @returns their ids */
  retryFailed(): string[] {
    return this.#library.database
      .prepare<[], { id: string }>(
        `UPDATE job SET state = 'queued', attempts = 0, error = NULL, finished_at = NULL
         WHERE state = 'failed' RETURNING id`,
      )
      .all()
      .map(({ id }) => id);
  }

  /**
   * Takes restored and cancelled jobs off the list; failed ones stay until somebody saw to them.
   *
   * @returns the photo of each
   */
  removeFinished(): string[] {
    return this.#library.database
      .prepare<[], string>("DELETE FROM job WHERE state IN ('done', 'cancelled') RETURNING photo_id")
      .pluck()
      .all();
  }

  /** All jobs as work, in the order they were added. */
  work(): JobWork[] {
    return this.#library.database
      .prepare<[], JobWork>(
        `SELECT job.id, state, width * height AS pixels, job.created_at AS createdAt, finished_at AS finishedAt
         FROM job JOIN photo ON photo.id = job.photo_id ORDER BY job.rowid`,
      )
      .all();
  }

  /** How long the last photos took, oldest first; only those made as the very last one was, by model and device. */
  samples(): WorkSample[] {
    return this.#library.database
      .prepare<[number], WorkSample>(
        `SELECT seconds, pixels FROM (
           SELECT record ->> '$.seconds' AS seconds, width * height AS pixels, finished_at,
             (record ->> '$.generator.hash') || (record ->> '$.device') AS maker,
             first_value((record ->> '$.generator.hash') || (record ->> '$.device'))
               OVER (ORDER BY finished_at DESC) AS lastMaker
           FROM job JOIN photo ON photo.id = job.photo_id
           WHERE job.id IN (SELECT id FROM job WHERE state = 'done' ORDER BY finished_at DESC LIMIT ?)
         ) WHERE maker = lastMaker ORDER BY finished_at`,
      )
      .all(SAMPLES);
  }

  /** Jobs that were running when the engine stopped, before {@link recover} sees to them. */
  interrupted(): Job[] {
    return this.#library.database
      .prepare<[], JobRow>(`${SELECT} WHERE state = 'running' ORDER BY job.rowid`)
      .all()
      .map((row) => asJob(row));
  }

  /**
   * Called when the engine starts: jobs that were running when it stopped go back into the queue, unless
   * they were running each time it stopped, which makes them the likely cause.
   *
   * @returns the ids of those that will be tried again
   */
  recover(): string[] {
    const stopped: JobError = {
      code: 'ENGINE_STOPPED',
      message: 'The engine stopped while it restored this photo.',
      remedy: 'Try again; if it stops again, use a smaller photo or another model.',
    };
    this.#library.database
      .prepare(
        `UPDATE job SET state = 'failed', output = NULL, error = ?, finished_at = ?
         WHERE state = 'running' AND attempts >= ?`,
      )
      .run(JSON.stringify(stopped), new Date().toISOString(), MAX_ATTEMPTS);
    return this.#library.database
      .prepare<[], { id: string }>(
        "UPDATE job SET state = 'queued', output = NULL WHERE state = 'running' RETURNING id",
      )
      .all()
      .map(({ id }) => id);
  }

  #end(
    id: string,
    state: Job['state'],
    output: string | null,
    record: string | null,
    error: string | null,
  ): Job {
    this.#library.database
      .prepare('UPDATE job SET state = ?, output = ?, record = ?, error = ?, finished_at = ? WHERE id = ?')
      .run(state, output, record, error, new Date().toISOString(), id);
    return this.get(id);
  }
}

function readSettings(text: string): JobSettings {
  return jobSettings.parse(JSON.parse(text));
}

function asJob(row: JobRow, settings = readSettings(row.settings)): Job {
  return {
    ...row,
    settings,
    record: row.record === null ? null : readRecord(row.record),
    error: row.error === null ? null : (JSON.parse(row.error) as JobError),
  };
}

/** Records of earlier versions know neither the path of the very same object nor a strength nor a detail. */
type StoredRecord = Omit<RestorationRecord, 'sameObject' | 'referenceStrength' | 'detail'> &
  Partial<Pick<RestorationRecord, 'sameObject' | 'referenceStrength' | 'detail'>>;

function readRecord(text: string): RestorationRecord {
  return { sameObject: null, referenceStrength: 1, detail: null, ...(JSON.parse(text) as StoredRecord) };
}
