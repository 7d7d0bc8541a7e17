import { calledBy, toRasrError } from '../errors.ts';
import type { Restoration, RestorationProgress, RestorationRequest } from '../restoration/restore.ts';
import type { RunningWork } from './batch.ts';
import type { CurrentJob, Job, JobChange } from './job.ts';
import type { JobQueue } from './queue.ts';

/** What the runner needs of the engine. */
export interface JobRunnerTools {
  readonly queue: JobQueue;
  tell(change: JobChange): void;
  requestFor(job: Job): RestorationRequest;
  restore(
    request: RestorationRequest,
    onProgress: (progress: RestorationProgress) => void,
    signal: AbortSignal,
  ): Promise<Restoration>;
}

/** The job at work. */
interface Current {
  readonly id: string;
  readonly abort: AbortController;
  progress: RestorationProgress | null;
  /** When its first tile was begun, on the monotonic clock in ms. */
  generatingSince: number | null;
}

/** Works through the queue, one photo at a time: a restoration uses every core already. */
export class JobRunner {
  readonly #tools: JobRunnerTools;
  #current: Current | null = null;
  /** Whether the queue is being worked through; unlike the promise it ends in the very moment the work does. */
  #busy = false;
  #working: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(tools: JobRunnerTools) {
    this.#tools = tools;
  }

  /** Where the job at work is. */
  get progress(): Readonly<Record<string, RestorationProgress>> {
    const { id, progress } = this.#current ?? {};
    return id === undefined || !progress ? {} : { [id]: progress };
  }

  /** How much of the job at work is done, and the time it took; null before its first tile. */
  get running(): RunningWork | null {
    if (this.#current === null || this.#current.generatingSince === null) return null;
    const { id, progress, generatingSince } = this.#current;
    const share = progress?.stage === 'generating' ? progress.done / progress.total : 1;
    return { id, share, seconds: (performance.now() - generatingSince) / 1000 };
  }

  /** Starts working if there is work and nobody is at it. */
  wake(): void {
    if (this.#stopped || this.#busy) return;
    this.#busy = true;
    this.#working = this.#work();
  }

  /** Stops the job if it is running; without an id whichever is. */
  abort(id = this.#current?.id): void {
    if (this.#current?.id === id) this.#current?.abort.abort();
  }

  /**
   * Begins no further job and resolves once nothing runs. `park` ends the current one at once and puts it back
   * into the queue; it may follow a `finish`.
   */
  async stop(current: CurrentJob): Promise<void> {
    this.#stopped = true;
    if (current === 'park') this.#current?.abort.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    const { queue, tell } = this.#tools;
    try {
      while (!this.#stopped && !queue.paused) {
        const job = queue.take();
        if (job === undefined) return;
        tell({ kind: 'job', job });
        tell({ kind: 'job', job: await this.#run(job) });
      }
    } finally {
      this.#busy = false;
    }
  }

  async #run(job: Job): Promise<Job> {
    const { queue, tell } = this.#tools;
    const abort = new AbortController();
    const current: Current = { id: job.id, abort, progress: null, generatingSince: null };
    this.#current = current;
    let photo = job.photo;
    try {
      const request = this.#tools.requestFor(job);
      photo = request.photo;
      const { output, record } = await this.#tools.restore(
        request,
        (progress) => {
          current.progress = progress;
          if (progress.stage === 'generating') current.generatingSince ??= performance.now();
          tell({ kind: 'progress', id: job.id, progress });
        },
        abort.signal,
      );
      return queue.finish(job.id, output, record);
    } catch (error) {
      if (this.#stopped) return queue.putBack(job.id);
      if (abort.signal.aborted) return queue.cancel(job.id);
      const { code, message, remedy } = calledBy(toRasrError(error, job.photo), photo, job.photo);
      return queue.fail(job.id, { code, message, remedy });
    } finally {
      this.#current = null;
    }
  }
}
