import { EventEmitter } from 'node:events';
import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { RasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import { claimQueue } from '../library/owner.ts';
import { checkNameTemplate } from '../restoration/output-name.ts';
import type { RestorationProgress, RestorationRequest } from '../restoration/restore.ts';
import { type BatchProgress, batchProgress, type JobWork, type WorkSample } from './batch.ts';
import {
  type CurrentJob,
  type Job,
  type JobChange,
  type JobEvents,
  type JobSettingsInput,
  jobSettings,
} from './job.ts';
import { Photos } from './photos.ts';
import { Presets } from './presets.ts';
import { JobQueue } from './queue.ts';
import { JobRunner, type JobRunnerTools } from './runner.ts';

/** Changes within this time are summed up in one figure for the batch: tiles may follow each other fast. */
const BATCH_EVERY_MS = 200;

/** Batches of photos: the queue, the runner, and what they tell the hosts. */
export class Jobs {
  readonly events = new EventEmitter<JobEvents>();
  readonly photos: Photos;
  readonly presets: Presets;
  readonly #library: Library;
  readonly #queue: JobQueue;
  readonly #runner: JobRunner;
  #claim: { release(): void } | null = null;
  /** The work as the database has it, kept from tile to tile: a queue of thousands takes its time to read. */
  #work: { readonly jobs: readonly JobWork[]; readonly samples: readonly WorkSample[] } | null = null;
  #batchTimer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(library: Library, restore: JobRunnerTools['restore']) {
    this.events.setMaxListeners(0);
    this.#library = library;
    this.photos = new Photos(library);
    this.presets = new Presets(library);
    this.#queue = new JobQueue(library);
    this.#runner = new JobRunner({
      queue: this.#queue,
      tell: (change) => this.#tell(change),
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
    for (const id of this.#queue.recover()) this.#discardOutput(id);
    this.#runner.wake();
  }

  list(): Job[] {
    return this.#queue.list();
  }

  /** @throws RasrError `JOB_MISSING` */
  get(id: string): Job {
    return this.#queue.get(id);
  }

  /** Where the job at work is, by its id. */
  progress(): Readonly<Record<string, RestorationProgress>> {
    return this.#runner.progress;
  }

  /** How far the current batch is. */
  batch(): BatchProgress {
    this.#work ??= { jobs: this.#queue.work(), samples: this.#queue.samples() };
    const { jobs, samples } = this.#work;
    return batchProgress(jobs, samples, this.#runner.running, this.#queue.paused);
  }

  /** Queues photos and starts, unless the queue is paused. @throws RasrError `FILE_MISSING` or `NAME_INVALID` */
  start(photoIds: readonly string[], input: JobSettingsInput): Job[] {
    const settings = jobSettings.parse(input);
    checkNameTemplate(settings.nameTemplate);
    for (const id of photoIds) this.photos.get(id);
    const jobs = this.#queue.add(photoIds, settings);
    for (const job of jobs) this.#tell({ kind: 'job', job });
    this.#runner.wake();
    return jobs;
  }

  /** Stops a job that waits or runs; any other stays as it is. @throws RasrError `JOB_MISSING` */
  cancel(id: string): void {
    const job = this.#queue.get(id);
    if (job.state === 'running') this.#runner.abort(id);
    else if (job.state === 'queued') this.#tell({ kind: 'job', job: this.#queue.cancel(id) });
  }

  /** Cancels every job that waits or runs. */
  cancelAll(): void {
    this.#queue.cancelWaiting();
    this.#tell({ kind: 'list' });
    this.#runner.abort();
  }

  /**
   * Begins no further photo, also after a restart, until {@link unpause}. The photo at work is finished, as
   * Lightroom's exports and HandBrake's "after the current job" do: its tiles are paid for, and whoever
   * wants the machine at once can cancel it. A queue without work is never paused, so a pause ends
   * with the last open job.
   */
  pause(): void {
    this.#queue.paused = this.#queue.hasOpen();
    this.#tellBatchSoon();
  }

  /** Goes on after {@link pause}. */
  unpause(): void {
    this.#queue.paused = false;
    this.#tellBatchSoon();
    this.#runner.wake();
  }

  /** @throws RasrError `JOB_MISSING` or `JOB_NOT_READY` */
  async retry(id: string): Promise<void> {
    this.#queue.get(id);
    await rm(this.#library.paths.restored(id), { recursive: true, force: true });
    this.#tell({ kind: 'job', job: this.#queue.retry(id) });
    this.#runner.wake();
  }

  /** Queues every failed job again. */
  retryFailed(): void {
    for (const id of this.#queue.retryFailed()) this.#discardOutput(id);
    this.#tell({ kind: 'list' });
    this.#runner.wake();
  }

  /**
   * Takes restored and cancelled jobs off the list. Failed ones stay. Only rows go: neither photos nor
   * outputs are touched.
   *
   * @returns how many went
   */
  clearFinished(): number {
    const cleared = this.#queue.removeFinished();
    this.#tell({ kind: 'list' });
    return cleared;
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
    this.#tell({ kind: 'removed', id });
  }

  /** Stops the queue; a job that is parked is taken up again at the next start. */
  async stop(current: CurrentJob): Promise<void> {
    await this.#runner.stop(current);
    this.#stopped = true;
    if (this.#batchTimer !== null) clearTimeout(this.#batchTimer);
    this.#claim?.release();
  }

  /** An output without its record, left by a crash between the two, would look like a foreign file. */
  #discardOutput(id: string): void {
    rmSync(this.#library.paths.restored(id), { recursive: true, force: true });
  }

  #tell(change: JobChange): void {
    if (change.kind !== 'progress') {
      this.#work = null;
      if (this.#queue.paused && !this.#queue.hasOpen()) this.#queue.paused = false;
    }
    this.events.emit('change', change);
    this.#tellBatchSoon();
  }

  #tellBatchSoon(): void {
    if (this.#stopped || this.#batchTimer !== null) return;
    this.#batchTimer = setTimeout(() => {
      this.#batchTimer = null;
      this.events.emit('change', { kind: 'batch', batch: this.batch() });
    }, BATCH_EVERY_MS);
    this.#batchTimer.unref();
  }

  #requestFor(job: Job): RestorationRequest {
    const { gallery, scale, referenceStrength, detail, format, nameTemplate } = job.settings;
    return {
      photo: this.photos.get(job.photoId).path,
      scale,
      referenceStrength,
      detail,
      format,
      references:
        gallery === 'none'
          ? { kind: 'none' }
          : { kind: 'find', galleryId: gallery === 'find' ? null : gallery },
      outputFolder: this.#library.paths.restored(job.id),
      nameTemplate,
      // The folder is the job's own: what lies there is an earlier attempt's.
      ifExists: 'replace',
    };
  }
}
