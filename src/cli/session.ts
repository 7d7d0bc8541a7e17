import path from 'node:path';
import envPaths from 'env-paths';
import { RESOURCES, TOOL } from '../core/app-info.ts';
import { Engine } from '../core/engine.ts';
import { rememberedLibrary } from '../core/library/location.ts';

/** Exit codes of every command. */
export const EXIT = { done: 0, someFailed: 1, wrongUsage: 2, interrupted: 130 } as const;

/** Options every command takes. */
export interface CommonOptions {
  readonly library: string;
}

const PATHS = envPaths('RASR', { suffix: '' });

/** Where it is kept which library the user went over to in the window. */
export const REMEMBERED_LIBRARY = path.join(PATHS.config, 'library.json');

/**
 * Where the library is unless the user says otherwise: RASR_LIBRARY, the one they went over to in the window, or the
 * system's place for app data.
 *
 * @throws RasrError as `rememberedLibrary`
 */
export function defaultLibrary(): string {
  return path.resolve(process.env.RASR_LIBRARY ?? rememberedLibrary(REMEMBERED_LIBRARY) ?? PATHS.data);
}

/** Opens the engine, runs `work`, and closes it whatever happens. */
export async function withEngine<Result>(
  { library }: CommonOptions,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const engine = await Engine.open({ library, resources: RESOURCES, tool: TOOL });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** A signal that fires when the user presses Ctrl-C, so that work ends between two tiles. */
export function interruptSignal(): AbortSignal {
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  process.once('SIGTERM', () => abort.abort());
  return abort.signal;
}
