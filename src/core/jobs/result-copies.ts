import type { LibraryPaths } from '../library/paths.ts';
import { displayCopy, resultKey } from '../previews/display-copy.ts';
import type { Job } from './job.ts';
import type { Jobs } from './jobs.ts';

/**
 * Makes the copies for the screen as a job ends, one result after the other: a large one takes seconds to decode, and
 * shall open at once.
 */
export class ResultCopies {
  readonly #paths: LibraryPaths;
  #making: Promise<void> = Promise.resolve();

  constructor(jobs: Jobs, paths: LibraryPaths) {
    this.#paths = paths;
    jobs.events.on('change', (change) => {
      if (change.kind !== 'job' || change.job.state !== 'done') return;
      this.#making = this.#making.then(() => this.make(change.job));
    });
  }

  /** Once those that are under way are there. Never rejects. */
  settled(): Promise<void> {
    return this.#making;
  }

  /** Makes those of a finished job. What cannot be made is told to whoever opens it; never rejects. */
  async make({ id, output, finishedAt }: Job): Promise<void> {
    if (output === null || finishedAt === null) return;
    try {
      for (const size of ['view', 'thumbnail'] as const)
        await displayCopy(this.#paths, output, resultKey(id, finishedAt), size);
    } catch {
      // Told to whoever opens it.
    }
  }
}
