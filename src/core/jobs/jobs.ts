import { EventEmitter } from 'node:events';
import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { RasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import { claimQueue } from '../library/owner.ts';
import { DEFAULT_NAME_TEMPLATE } from '../restoration/output-name.ts';
import type { RestorationRequest } from '../restoration/restore.ts';
import type { Job, JobEvents, JobSettings } from './job.ts';
import { Photos } from './photos.ts';
import { JobQueue } from './queue.ts';
import { JobRunner, type JobRunnerTools } from './runner.ts';

/** Batches of photos: the queue, the runner, and what they tell the hosts. */
export class Jobs {
  readonly events = new EventEmitter<JobEvents>();
  readonly photos: Photos;
  readonly #library: Library;
  readonly #queue: JobQueue;
  readonly #runner: JobRunner;
  #claim: { release(): void } | null = null;

  constructor(library: Library, restore: JobRunnerTools['restore']) {
    this.events.setMaxListeners(0);
    this.#library = library;
    this.photos = new Photos(library);
    this.#queue = new JobQueue(library);
    this.#runner = new JobRunner({
      queue: this.#queue,
      events: this.events,
      restore,
      requestFor: (job) => this.#requestFor(job),
    });
  }

  /**
   * Makes this process the one that works through the queue, and takes up what an earlier one left.
   *
   * @throws RasrError `LIBRARY_UNUSABLE` where another running RASR does so already
   */
  resume(): void {
    this.#claim = claimQueue(this.#library.paths);
    for (const id of this.#queue.recover()) {
      // An output without its record, left by a crash between the two, would look like a foreign file.
      rmSync(this.#library.paths.restored(id), { recursive: true, force: true });
    }
    this.#runner.wake();
  }

  list(): Job[] {
    return this.#queue.list();
  }

  /** @throws RasrError `JOB_MISSING` */
  get(id: string): Job {
    return this.#queue.get(id);
  }

  /** Queues photos and starts. @throws RasrError `FILE_MISSING` */
  start(photoIds: readonly string[], settings: JobSettings): Job[] {
    for (const id of photoIds) this.photos.get(id);
    const jobs = this.#queue.add(photoIds, settings);
    for (const job of jobs) this.events.emit('change', { kind: 'job', job });
    this.#runner.wake();
    return jobs;
  }

  /** Stops a job that waits or runs; any other stays as it is. @throws RasrError `JOB_MISSING` */
  cancel(id: string): void {
    const job = this.#queue.get(id);
    if (job.state === 'running') this.#runner.abort(id);
    else if (job.state === 'queued') this.events.emit('change', { kind: 'job', job: this.#queue.cancel(id) });
  }

  /** @throws RasrError `JOB_MISSING` or `JOB_NOT_READY` */
  async retry(id: string): Promise<void> {
    this.#queue.get(id);
    await rm(this.#library.paths.restored(id), { recursive: true, force: true });
    this.events.emit('change', { kind: 'job', job: this.#queue.retry(id) });
    this.#runner.wake();
  }

  /** Takes a job off the list, with its unsaved output. @throws RasrError `JOB_MISSING` or `JOB_NOT_READY` */
  async remove(id: string): Promise<void> {
    const job = this.#queue.get(id);
    if (job.state === 'running') {
      throw new RasrError('JOB_NOT_READY', 'This job is running.', 'Cancel it first.');
    }
    this.#queue.remove(id);
    await rm(this.#library.paths.restored(id), { recursive: true, force: true });
    await this.photos.forget(job.photoId);
    this.events.emit('change', { kind: 'removed', id });
  }

  /** Ends the running job, which is taken up again at the next start. */
  async stop(): Promise<void> {
    await this.#runner.stop();
    this.#claim?.release();
  }

  #requestFor(job: Job): RestorationRequest {
    const { gallery, scale, format } = job.settings;
    return {
      photo: this.photos.get(job.photoId).path,
      scale,
      format,
      references:
        gallery === 'none'
          ? { kind: 'none' }
          : { kind: 'find', galleryId: gallery === 'find' ? null : gallery },
      outputFolder: this.#library.paths.restored(job.id),
      nameTemplate: DEFAULT_NAME_TEMPLATE,
      // The folder is the job's own: what lies there is an earlier attempt's.
      ifExists: 'replace',
    };
  }
}
