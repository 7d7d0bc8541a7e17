import type { EventEmitter } from 'node:events';
import { calledBy, toRasrError } from '../errors.ts';
import type { Restoration, RestorationProgress, RestorationRequest } from '../restoration/restore.ts';
import type { Job, JobEvents } from './job.ts';
import type { JobQueue } from './queue.ts';

/** What the runner needs of the engine. */
export interface JobRunnerTools {
  readonly queue: JobQueue;
  readonly events: EventEmitter<JobEvents>;
  requestFor(job: Job): RestorationRequest;
  restore(
    request: RestorationRequest,
    onProgress: (progress: RestorationProgress) => void,
    signal: AbortSignal,
  ): Promise<Restoration>;
}

/** Works through the queue, one photo at a time: a restoration uses every core already. */
export class JobRunner {
  readonly #tools: JobRunnerTools;
  #current: { readonly id: string; readonly abort: AbortController } | null = null;
  #working: Promise<void> | null = null;
  #stopped = false;

  constructor(tools: JobRunnerTools) {
    this.#tools = tools;
  }

  /** Starts working if there is work and nobody is at it. */
  wake(): void {
    if (this.#stopped || this.#working !== null) return;
    this.#working = this.#work().finally(() => {
      this.#working = null;
    });
  }

  /** Stops the job if it is running. */
  abort(id: string): void {
    if (this.#current?.id === id) this.#current.abort.abort();
  }

  /** Ends the current job, which goes back into the queue, and resolves once nothing runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#current?.abort.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    const { queue, events } = this.#tools;
    while (!this.#stopped) {
      const job = queue.take();
      if (job === undefined) return;
      events.emit('change', { kind: 'job', job });
      events.emit('change', { kind: 'job', job: await this.#run(job) });
    }
  }

  async #run(job: Job): Promise<Job> {
    const { queue, events } = this.#tools;
    const abort = new AbortController();
    this.#current = { id: job.id, abort };
    let photo = job.photo;
    try {
      const request = this.#tools.requestFor(job);
      photo = request.photo;
      const { output, record } = await this.#tools.restore(
        request,
        (progress) => events.emit('change', { kind: 'progress', id: job.id, progress }),
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
