import { EventEmitter } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { RasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import { claimQueue } from '../library/owner.ts';
import { recordOf, recordPath } from '../restoration/output-file.ts';
import { checkNameTemplate } from '../restoration/output-name.ts';
import type { ReferenceChoice } from '../restoration/references.ts';
import type { RestorationProgress, RestorationRequest } from '../restoration/restore.ts';
import { type BatchProgress, batchProgress, type JobWork, type WorkSample } from './batch.ts';
import {
  type CurrentJob,
  type Job,
  type JobChange,
  type JobEvents,
  type JobSettings,
  type JobSettingsInput,
  jobSettings,
} from './job.ts';
import { checkFolder, OutputFolders } from './output-folders.ts';
import { type HandedPhoto, Photos } from './photos.ts';
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
  readonly outputFolders: OutputFolders;
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
    this.outputFolders = new OutputFolders(library);
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
    // What cannot be deleted now is tried at the next start.
    void this.photos.sweep().catch(() => {});
    for (const job of this.#queue.interrupted()) this.#takeUp(job);
    this.#queue.recover();
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

  /**
   * Queues photos and starts, unless the queue is paused.
   *
   * @throws RasrError `FILE_MISSING`, `NAME_INVALID`, or `OUTPUT_UNWRITABLE` for a folder the user did not choose
   */
  start(photoIds: readonly string[], input: JobSettingsInput): Job[] {
    const settings = jobSettings.parse(input);
    checkNameTemplate(settings.nameTemplate);
    if (settings.outputFolder !== undefined) this.outputFolders.require(settings.outputFolder);
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
  retry(id: string): void {
    this.#queue.get(id);
    this.#discardOutput(id);
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
   * Takes restored and cancelled jobs off the list. Failed ones stay. Neither originals nor outputs are touched;
   * the library's own copies of photos that are in no list any more are deleted.
   *
   * @returns how many went
   */
  async clearFinished(): Promise<number> {
    const photoIds = this.#queue.removeFinished();
    this.#tell({ kind: 'list' });
    await this.photos.forget(photoIds);
    return photoIds.length;
  }

  /** Takes a job off the list, with its unsaved output. @throws RasrError `JOB_MISSING` or `JOB_NOT_READY` */
  async remove(id: string): Promise<void> {
    const job = this.#queue.get(id);
    if (job.state === 'running') {
      throw new RasrError('JOB_NOT_READY', 'This job is running.', 'Cancel it first.');
    }
    this.#queue.remove(id);
    await rm(this.#library.paths.restored(id), { recursive: true, force: true });
    await this.photos.forget([job.photoId]);
    this.#tell({ kind: 'removed', id });
  }

  /** Stops the queue; a job that is parked is taken up again at the next start. */
  async stop(current: CurrentJob): Promise<void> {
    await this.#runner.stop(current);
    this.#stopped = true;
    if (this.#batchTimer !== null) clearTimeout(this.#batchTimer);
    this.#claim?.release();
  }

  /**
   * Sees to what a job left that was running when the engine stopped. An output that is there whole is its
   * result: nothing is made twice.
   */
  #takeUp({ id, output }: Job): void {
    const record = output === null ? null : recordOf(output);
    if (output !== null && record !== null) {
      this.#queue.finish(id, output, record);
      return;
    }
    // The record is written before its output.
    if (output !== null && !existsSync(output)) rmSync(recordPath(output), { force: true });
    this.#discardOutput(id);
  }

  /** What lies in the job's own folder is an earlier attempt's. */
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
    const { scale, referenceStrength, detail, format, nameTemplate } = job.settings;
    const photo = this.photos.get(job.photoId);
    return {
      photo: photo.path,
      scale,
      referenceStrength,
      detail,
      format,
      references: referenceChoice(job.settings),
      outputFolder: this.#outputFolder(job, photo),
      nameTemplate,
      ifExists: 'number',
      // Results that are saved into one folder later on have names of their own.
      takenNames: this.#queue.outputNames(photo.id),
      onOutput: (output) => this.#queue.claimOutput(job.id, output),
    };
  }

  /** @throws RasrError as `checkFolder`, for the folder the user chose */
  #outputFolder({ id, settings: { outputFolder } }: Job, photo: HandedPhoto): string {
    if (outputFolder !== undefined) {
      checkFolder(outputFolder);
      return path.join(outputFolder, ...photo.subfolder.split('/'));
    }
    return this.photos.isCopy(photo) ? this.#library.paths.restored(id) : path.dirname(photo.path);
  }
}

function referenceChoice({ gallery, handPicked }: JobSettings): ReferenceChoice {
  if (gallery === 'none') return { kind: 'none' };
  if (handPicked !== undefined && handPicked.chosen.length > 0) {
    return { kind: 'chosen', referenceIds: handPicked.chosen };
  }
  const { pinned, excluded } = handPicked ?? {};
  return { kind: 'find', galleryId: gallery === 'find' ? null : gallery, pinned, excluded };
}
