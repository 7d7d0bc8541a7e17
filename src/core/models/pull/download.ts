import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { asFinal, Interruption, notAsPromised, refused, unreachable } from './failure.ts';
import type { HubFile } from './hub.ts';

/** Receives bytes done and bytes in all. */
export type OnBytes = (done: number, total: number) => void;

/** How much a connection is borne with. */
export interface Patience {
  /** Tries in a row that bring nothing new. */
  readonly tries: number;
  /** Pause before the second try, in ms; doubled before each further one. */
  readonly pauseMs: number;
  /** How long no byte may arrive, in ms. */
  readonly stallMs: number;
}

export const PATIENCE: Patience = { tries: 4, pauseMs: 1000, stallMs: 30_000 };

/**
 * Fetches a file's bytes, going on after those that are there already. A connection that breaks is taken up
 * again. What arrived stays, whatever happens.
 *
 * @param partial where the bytes go
 * @throws RasrError `DOWNLOAD_FAILED`, `DOWNLOAD_CORRUPT`, `NO_SPACE` or `OUTPUT_UNWRITABLE`; the signal's reason where
 * that fires
 */
export async function download(
  file: HubFile,
  partial: string,
  onBytes: OnBytes,
  signal: AbortSignal,
  patience: Patience = PATIENCE,
): Promise<void> {
  let furthest = await sizeOf(partial);
  onBytes(furthest, file.bytes);
  for (let tries = 0; (await sizeOf(partial)) < file.bytes; tries++) {
    if (tries > 0) await pause(patience.pauseMs * 2 ** (tries - 1), undefined, { signal });
    try {
      await goOn(file, partial, onBytes, signal, patience.stallMs);
    } catch (error) {
      signal.throwIfAborted();
      const final = asFinal(error, partial);
      if (final !== undefined) throw final;
      const now = await sizeOf(partial);
      // A server that knows no ranges begins anew each time: only what is new counts as progress.
      if (now > furthest) tries = -1;
      else if (tries + 1 >= patience.tries) throw unreachable(new URL(file.url).host, error);
      furthest = Math.max(furthest, now);
    }
  }
}

/** One request for what is missing. */
async function goOn(
  file: HubFile,
  partial: string,
  onBytes: OnBytes,
  signal: AbortSignal,
  stallMs: number,
): Promise<void> {
  const have = await sizeOf(partial);
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(new Interruption('no byte arrives')), stallMs);
  try {
    const response = await fetch(file.url, {
      headers: { 'Accept-Encoding': 'identity', ...(have > 0 ? { Range: `bytes=${have}-` } : {}) },
      signal: AbortSignal.any([signal, stalled.signal]),
    });
    const start = beginning(response, have, file);
    let done = start;
    await pipeline(
      Readable.fromWeb(response.body as never),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          timer.refresh();
          done += chunk.length;
          if (done > file.bytes) throw notAsPromised(file.name, `has more than ${file.bytes} bytes`);
          yield chunk;
          onBytes(done, file.bytes);
        }
      },
      createWriteStream(partial, { flags: start === 0 ? 'w' : 'r+', start, flush: true }),
    );
    if (done < file.bytes) throw new Interruption('the connection ended early');
  } finally {
    clearTimeout(timer);
  }
}

/** At which byte of the file a response begins. */
function beginning(response: Response, have: number, file: HubFile): number {
  if (!response.ok || response.body === null) throw refused(response.status, file.name);
  if (response.status !== 206) return 0;
  const start = Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1]);
  if (start === have) return start;
  throw notAsPromised(file.name, `was sent from another place than asked for`);
}

export async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
