import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { APP_ROOT } from '../../src/core/app-info.ts';

/** `rasr serve` on a library, until it is stopped. */
export async function startServe(library: string): Promise<{ url: string; stop(): Promise<void> }> {
  const program = path.join(APP_ROOT, 'bin', 'rasr.cjs');
  const child = spawn(process.execPath, [program, 'serve', '--library', library, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const stopped = ended.then(() => {
    throw new Error('rasr serve ended before it was ready: is the app built?');
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), stopped])) as [string];
  stopped.catch(() => {});
  return {
    url: (JSON.parse(line) as { url: string }).url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
