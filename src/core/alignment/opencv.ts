import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';

/**
 * OpenCV as WebAssembly. Matrices are not garbage-collected: use {@link scoped}. The arrays of their `data` are views of
 * a memory that may move whenever OpenCV allocates: take them last.
 */
export type OpenCv = typeof import('@techstark/opencv-js');

const FATAL_EVENTS = ['uncaughtException', 'unhandledRejection'];
let loaded: Promise<OpenCv> | null = null;

/** Loads OpenCV once (a quarter of a second). */
export function loadOpenCv(): Promise<OpenCv> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<OpenCv> {
  const cv = withoutItsListeners(
    // An `import` would await the module, which is a thenable that resolves to itself, for ever.
    () => createRequire(import.meta.url)('@techstark/opencv-js') as OpenCv & { then?: unknown },
  );
  if (cv.Mat === undefined) {
    await new Promise<void>((resolve) => {
      cv.onRuntimeInitialized = resolve;
    });
  }
  delete cv.then;
  return cv;
}

/** What OpenCV installs for fatal errors would abort the process, after printing all eleven megabytes of itself. */
function withoutItsListeners<Result>(work: () => Result): Result {
  const emitter: EventEmitter = process;
  const before = FATAL_EVENTS.map((event) => emitter.listeners(event));
  const result = work();
  for (const [i, event] of FATAL_EVENTS.entries()) {
    for (const listener of emitter.listeners(event)) {
      if (!before[i]!.includes(listener)) emitter.removeListener(event, listener as () => void);
    }
  }
  return result;
}

/** Takes note of something that OpenCV must be told to free, and returns it. */
export type Own = <Thing extends { delete(): void }>(thing: Thing) => Thing;

/**
 * Runs `work` and frees what it took note of with `own`, however it ends.
 *
 * @returns what `work` returns: never one of the owned things
 */
export function scoped<Result>(work: (own: Own) => Result): Result {
  const owned: { delete(): void }[] = [];
  try {
    return work((thing) => {
      owned.push(thing);
      return thing;
    });
  } finally {
    for (const thing of owned.reverse()) thing.delete();
  }
}
