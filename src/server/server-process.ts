import { toRasrError } from '../core/errors.ts';
import { type RunningServer, type ServeOptions, startServer } from './serve.ts';
import type { ChildMessage } from './supervise.ts';

/** The child's side of `superviseServer`: serves until it is told to stop or its supervisor is gone. */
export function runServerProcess(): void {
  let server: RunningServer | undefined;
  const tell = (message: ChildMessage) => process.send?.(message);
  const stop = async () => {
    await server?.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('disconnect', () => void stop());
  // Ctrl-C reaches the whole process group; the supervisor decides.
  process.on('SIGINT', () => {});
  process.once('message', (options: ServeOptions) => {
    startServer(options, (folder) => tell({ kind: 'go over', folder })).then(
      (running) => {
        server = running;
        tell({ kind: 'listening', port: running.port });
      },
      (error: unknown) => {
        const { code, message, remedy } = toRasrError(error, options.library);
        tell({ kind: 'refused', code, message, remedy });
        process.disconnect();
      },
    );
  });
}
