import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test as base } from '@playwright/test';

export { expect } from '@playwright/test';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const SAMPLES = path.join(ROOT, 'resources', 'samples');

/** How long a server may take to end before it is killed. */
const STOP_MS = 15_000;

/** A running `rasr serve` on a fresh library. */
export interface Server {
  /** Address with the token, as printed. */
  readonly url: string;
  /** Address without it. */
  readonly origin: string;
  /** The library's folder. */
  readonly library: string;
  /** The supervisor's process; the engine's is its child. */
  readonly pid: number;
  /** When it printed its address, in ms since the epoch. */
  readonly startedAt: number;
  /** Ends it in good order; `restart` starts it again. */
  stop(): Promise<void>;
  /**
   * Ends it in good order, as Ctrl-C does, and starts it again on the same library, at another address.
   *
   * @param samePort at the same one, with another token
   */
  restart(samePort?: boolean): Promise<void>;
  /** As `restart`, without any order: as a power cut does. */
  kill(): Promise<void>;
}

/** `server` is fresh for every test; `app` is its window, opened by the printed address. */
export const test = base.extend<{ server: Server; app: Server['origin'] }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names a fixture needs from this pattern
  server: async ({}, use) => {
    const library = await mkdtemp(path.join(tmpdir(), 'rasr-e2e-'));
    let child = spawnServer(library);
    const running = async () => {
      const url = await printedUrl(child);
      return { url, origin: new URL(url).origin, pid: child.pid!, startedAt: Date.now() };
    };
    try {
      const server: Server = {
        ...(await running()),
        library,
        stop: () => stop(child),
        async restart(samePort = false) {
          await stop(child);
          child = spawnServer(library, samePort ? Number(new URL(server.origin).port) : 0);
          Object.assign(server, await running());
        },
        async kill() {
          await killAll(child);
          child = spawnServer(library);
          Object.assign(server, await running());
        },
      };
      await use(server);
    } finally {
      await stop(child);
      await rm(library, { recursive: true, force: true });
    }
  },

  app: async ({ server, page }, use) => {
    await page.goto(server.url);
    await use(server.origin);
  },
});

function spawnServer(library: string, port = 0): ChildProcess {
  return spawn(
    process.execPath,
    [path.join(ROOT, 'bin', 'rasr.cjs'), 'serve', '--library', library, '--port', String(port), '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
}

async function printedUrl(server: ChildProcess): Promise<string> {
  const lines = createInterface({ input: server.stdout! });
  const ended = once(server, 'exit').then(([code]) => {
    throw new Error(`rasr serve ended with code ${code} before it printed its address.`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  ended.catch(() => {});
  return (JSON.parse(line) as { url: string }).url;
}

/** Kills the engine's process and its supervisor at once. */
async function killAll(server: ChildProcess): Promise<void> {
  const exited = once(server, 'exit');
  const { stdout } = await promisify(execFile)('pgrep', ['-P', String(server.pid)]);
  for (const pid of [server.pid!, ...stdout.trim().split('\n').map(Number)]) process.kill(pid, 'SIGKILL');
  await exited;
}

/** The supervisor ends its engine process, which ends by itself too when its supervisor is gone. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  const timer = setTimeout(() => server.kill('SIGKILL'), STOP_MS);
  server.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
}
