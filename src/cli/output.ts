import { SingleBar } from 'cli-progress';
import type { RasrError } from '../core/errors.ts';

/** Writes a line to standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a value as one line of JSON to standard output. */
export function sayJson(value: unknown): void {
  say(JSON.stringify(value));
}

/** Writes a refusal to standard error, in one line. */
export function complain(error: RasrError): void {
  // File names may hold line breaks and terminal commands.
  const line = `rasr: ${error.message} ${error.remedy}`.replace(/\p{Cc}/gu, '?');
  process.stderr.write(`${line}\n`);
}

/** Writes what should be known though nothing failed to standard error. */
export function warn(line: string): void {
  process.stderr.write(`rasr: ${line}\n`);
}

/** A progress bar on a terminal, nothing in a pipe. */
export class Progress {
  readonly #bar: SingleBar | null;

  constructor(label: string) {
    this.#bar = process.stderr.isTTY
      ? new SingleBar({
          format: `${label} {bar} {value}/{total} {what}`,
          stream: process.stderr,
          clearOnComplete: true,
          hideCursor: true,
          barsize: 24,
        })
      : null;
  }

  /** Shows `done` of `total`, and what is being done. */
  show(done: number, total: number, what = ''): void {
    if (this.#bar === null) return;
    if (!this.#bar.isActive) this.#bar.start(total, done, { what });
    else {
      this.#bar.setTotal(total);
      this.#bar.update(done, { what });
    }
  }

  end(): void {
    this.#bar?.stop();
  }
}

/** A similarity as people read it. */
export function asSimilarity(value: number): string {
  return value.toFixed(2);
}

/** Bytes in the unit that suits them. */
export function asBytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
