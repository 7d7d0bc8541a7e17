import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { APP_ROOT } from '../../src/core/app-info.ts';

const PROGRAM = path.join(APP_ROOT, 'bin', 'rasr.cjs');

/** What a command left behind. */
export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command. */
export interface RunningCli {
  readonly child: ChildProcess;
  /** Resolves once standard output has this many whole lines. */
  lines(count: number): Promise<string[]>;
  readonly ended: Promise<CliResult>;
}

/** How to start it. */
export interface CliOptions {
  readonly cwd?: string;
  /** Run as this user and group; only root may. */
  readonly uid?: number;
  /** Variables beside those of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another Node than the one that runs the tests. */
  readonly node?: string;
}

/** Starts the built `rasr` as its users do: a process of its own. */
export function startCli(args: readonly string[], { cwd, uid, env, node }: CliOptions = {}): RunningCli {
  if (!existsSync(path.join(APP_ROOT, 'out', 'cli', 'rasr.js'))) {
    throw new Error('The CLI is not built: run "npm run build" first.');
  }
  const child = spawn(node ?? process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const text = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      text[stream] += chunk;
      for (const watch of watchers) watch();
    });
  }
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...text }));
  });
  const lines = (count: number) =>
    new Promise<string[]>((resolve, reject) => {
      const watch = () => {
        const whole = text.stdout.split('\n').slice(0, -1);
        if (whole.length < count) return;
        watchers.delete(watch);
        resolve(whole);
      };
      watchers.add(watch);
      watch();
      void ended.then(
        ({ stderr }) => reject(new Error(`rasr ended before ${count} lines: ${stderr}`)),
        reject,
      );
    });
  return { child, lines, ended };
}

/** Runs the built `rasr` to its end. */
export function rasr(args: readonly string[], options?: CliOptions): Promise<CliResult> {
  return startCli(args, options).ended;
}

/**
 * How to run `rasr` as somebody whom file permissions bind, which they do not bind root; null where root
 * cannot: "nobody" may not read this checkout.
 */
export async function asOrdinaryUser(): Promise<CliOptions | null> {
  if (process.getuid?.() !== 0) return {};
  const nobody = { uid: 65_534 };
  const able = await rasr(['--version'], nobody).catch(() => null);
  return able?.code === 0 ? nobody : null;
}

/** The lines of a text, the last line break aside. */
export function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
