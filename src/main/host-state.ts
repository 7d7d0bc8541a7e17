import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomically } from '../core/files/atomic-write.ts';
import { LANGUAGES } from './messages.ts';
import { windowState } from './window-state.ts';

/** Paths kept in the list of recent files, as many as macOS shows. */
const RECENT = 10;

/** What the desktop app remembers beside the library. A part that cannot be read is as at the first start. */
const hostState = z.object({
  window: windowState.nullable().catch(null),
  /** Absolute paths, newest first. */
  recent: z.array(z.string()).catch([]),
  /** The language the window spoke last; null before it has told. */
  language: z.enum(LANGUAGES).nullable().catch(null),
});
export type HostState = z.infer<typeof hostState>;

const FIRST_START: HostState = { window: null, recent: [], language: null };

/** The list with these files at its head, each once. */
export function withRecent(recent: readonly string[], files: readonly string[]): string[] {
  return [...new Set([...files.toReversed(), ...recent])].slice(0, RECENT);
}

/** The remembered state, read at once and written in the background, whole or not at all. */
export class HostStateFile {
  readonly #file: string;
  #state: HostState;
  #written: Promise<void> = Promise.resolve();

  /** @param file absolute path of a JSON file; it may be missing or damaged */
  constructor(file: string) {
    this.#file = file;
    this.#state = read(file);
  }

  get state(): HostState {
    return this.#state;
  }

  /** Remembers a change. */
  update(change: Partial<HostState>): void {
    this.#state = { ...this.#state, ...change };
    const text = `${JSON.stringify(this.#state, null, 2)}\n`;
    // One after the other, so that the newest is the last. A full disk costs the window's place, not the session.
    this.#written = this.#written
      .then(() => writeFileAtomically(this.#file, 'replace', (temporary) => writeFile(temporary, text)))
      .catch(() => {});
  }

  /** Resolves once everything is on disk. */
  flush(): Promise<void> {
    return this.#written;
  }
}

function read(file: string): HostState {
  try {
    return hostState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return FIRST_START;
  }
}
