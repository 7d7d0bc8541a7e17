import { randomUUID } from 'node:crypto';
import { RasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import type { RestorationRecord } from '../restoration/record.ts';
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

/** A job that brought the engine down this often is not tried again. */
const MAX_ATTEMPTS = 2;

const SELECT = `
  SELECT job.id, photo_id AS photoId, photo.name AS photo, settings, state, output, record, error,
    job.created_at AS createdAt, finished_at AS finishedAt
  FROM job JOIN photo ON photo.id = job.photo_id`;

/** The persistent queue: jobs are rows, so that a restart loses none. */
export class JobQueue {
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  list(): Job[] {
    return this.#library.database.prepare<[], JobRow>(`${SELECT} ORDER BY job.rowid`).all().map(asJob);
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
      .prepare("UPDATE job SET state = 'queued', attempts = attempts - 1 WHERE id = ? AND state = 'running'")
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
        `UPDATE job SET state = 'failed', error = ?, finished_at = ? WHERE state = 'running' AND attempts >= ?`,
      )
      .run(JSON.stringify(stopped), new Date().toISOString(), MAX_ATTEMPTS);
    return this.#library.database
      .prepare<[], { id: string }>("UPDATE job SET state = 'queued' WHERE state = 'running' RETURNING id")
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

function asJob(row: JobRow): Job {
  return {
    ...row,
    settings: jobSettings.parse(JSON.parse(row.settings)),
    record: row.record === null ? null : (JSON.parse(row.record) as RestorationRecord),
    error: row.error === null ? null : (JSON.parse(row.error) as JobError),
  };
}
