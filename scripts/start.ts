import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * `npm start`: opens the Electron app where Electron's program is there or can be fetched, and says so and
 * opens the same window from the local server where it cannot.
 */
const root = path.join(import.meta.dirname, '..');
const electron = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));

function electronProgram(): string | undefined {
  if (!existsSync(path.join(electron, 'path.txt'))) {
    console.log('Fetching Electron (once)…');
    spawnSync(process.execPath, [path.join(electron, 'install.js')], { stdio: 'ignore' });
  }
  if (!existsSync(path.join(electron, 'path.txt'))) return undefined;
  return createRequire(import.meta.url)('electron') as string;
}

function run(program: string, args: readonly string[]): void {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
  // Ctrl-C reaches the child too; it decides when to end.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
}

const program = electronProgram();
if (program !== undefined) {
  run(program, [root]);
} else {
  console.log("Electron's program is not here and could not be fetched: RASR opens in your browser instead.");
  run(process.execPath, [path.join(root, 'bin', 'rasr.cjs'), 'serve', '--open']);
}
