import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import sharp from 'sharp';
import { APP_ROOT } from '../../src/core/app-info.ts';
import { sha256Of } from '../../src/core/files/hash.ts';
import { Galleries } from '../../src/core/galleries/galleries.ts';
import { Library } from '../../src/core/library/library.ts';

/*
 * How a large gallery scrolls in a real Chromium, through `rasr serve` (built before).
 *
 *     npm run benchmark:gallery -- [--references 10000] [--screenshot FILE]
 *
 * The gallery is made directly: rows, and a thumbnail of its own for each. Then the wheel goes through it, the
 * scroll bar is dragged from end to end, keys jump and all are selected. Told are the tasks of the page's main
 * thread: of the clock, and of the processor, which other work on the machine does not change. Exits with 1 where
 * one took the processor for more than 100 ms.
 */

const LIMIT_MS = 100;
const { values } = parseArgs({
  options: { references: { type: 'string', default: '10000' }, screenshot: { type: 'string' } },
});
const count = Number(values.references);

/** In the page: from the top to the end and back within 240 frames. */
const DRAG = `(async () => {
  const grid = document.querySelector('[role="grid"]');
  for (let step = 0; step <= 240; step++) {
    const share = 1 - Math.abs(1 - step / 120);
    grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight);
    await new Promise(requestAnimationFrame);
  }
})()`;

const library = await mkdtemp(path.join(tmpdir(), 'rasr-benchmark-'));
let server: ChildProcess | undefined;
let worst = 0;
try {
  await makeGallery();
  server = spawn(
    process.execPath,
    [path.join(APP_ROOT, 'bin', 'rasr.cjs'), 'serve', '--library', library, '--port', '0', '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(createInterface({ input: server.stdout! }), 'line')) as [string];
  worst = await measure((JSON.parse(line) as { url: string }).url);
} finally {
  if (server !== undefined && server.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  await rm(library, { recursive: true, force: true });
}
process.exitCode = worst > LIMIT_MS ? 1 : 0;

async function makeGallery(): Promise<void> {
  const opened = new Library(library);
  const galleries = new Galleries(opened);
  const { id } = galleries.create('Benchmark');
  const pictures = await Promise.all(Array.from({ length: 64 }, (_, n) => thumbnail(n)));
  const names: string[] = [];
  for (let n = 0; n < count; n++) {
    const sha256 = sha256Of(Buffer.from(`reference ${n}`));
    const file = opened.paths.thumbnail(sha256);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, pictures[n % pictures.length]!);
    names.push(sha256);
  }
  opened.database.transaction(() => {
    for (const [n, sha256] of names.entries()) {
      const picture = { sha256, width: 1600, height: 1200, sharpness: (n % 100) / 100 };
      galleries.add(id, picture, `reference ${n + 1}.jpg`);
    }
  })();
  opened.close();
}

/** A thumbnail of the size and weight of a photo's: coloured noise, smoothed. */
async function thumbnail(seed: number): Promise<Buffer> {
  const [width, height] = [384, 288];
  const small = Buffer.from(
    Array.from(
      { length: 24 * 18 * 3 },
      (_, i) => (Math.sin((i + 1) * (seed + 3) * 12.9898) * 43_758.5) & 255,
    ),
  );
  return sharp(small, { raw: { width: 24, height: 18, channels: 3 } })
    .resize(width, height, { kernel: 'cubic' })
    .jpeg({ quality: 85 })
    .toBuffer();
}

async function measure(url: string): Promise<number> {
  const executablePath = process.env.RASR_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({
    ...(existsSync(executablePath) ? { executablePath } : { channel: 'chrome' }),
    args: ['--no-sandbox'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(url);
    console.log(`${count.toLocaleString('en')} references`);
    console.log('what | tasks over 50 ms: clock, CPU | longest, ms: clock, CPU');
    const opened = await tasksDuring(page, async () => {
      await page.goto(`${new URL(url).origin}/#/galleries/1`);
      await page.getByRole('gridcell').first().waitFor();
      await page.waitForTimeout(1000);
    });
    report('opening the gallery', opened);
    const grid = page.getByRole('grid');
    const wheel = await tasksDuring(page, async () => {
      await grid.hover();
      for (let i = 0; i < 150; i++) {
        await page.mouse.wheel(0, 400);
        await page.waitForTimeout(16);
      }
    });
    report('the wheel, 60,000 pixels', wheel);
    const drag = await tasksDuring(page, () => page.evaluate(DRAG));
    report('dragging the scroll bar from end to end and back', drag);
    const keys = await tasksDuring(page, async () => {
      await page.getByRole('gridcell').first().click();
      for (const key of ['End', 'Home', 'PageDown', 'PageDown', 'PageDown', 'ArrowDown', 'End', 'Home']) {
        await page.keyboard.press(key);
        await page.waitForTimeout(150);
      }
      await page.keyboard.press('ControlOrMeta+a');
      await page.waitForTimeout(300);
    });
    report('keys, and selecting all', keys);
    const drawn = await page.getByRole('gridcell').count();
    console.log(`cells in the document: ${drawn}`);
    if (values.screenshot !== undefined) await page.screenshot({ path: values.screenshot });
    return Math.max(...[wheel, drag, keys].flatMap((tasks) => tasks.map(({ cpu }) => cpu)));
  } finally {
    await browser.close();
  }
}

/** A task of the page's main thread, in ms. */
interface Task {
  readonly clock: number;
  readonly cpu: number;
}

/** An event of Chromium's trace, its durations in µs; `tdur` of the thread's processor time. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

async function tasksDuring(page: Page, work: () => Promise<unknown>): Promise<Task[]> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await work();
  await page.waitForTimeout(300);
  const trace = await browser.stopTracing();
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] };
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents
    .filter(({ name, pid, tid }) => name.endsWith('RunTask') && main.has(`${pid} ${tid}`))
    .map(({ dur = 0, tdur = dur }) => ({ clock: dur / 1000, cpu: tdur / 1000 }));
}

function report(what: string, tasks: readonly Task[]): void {
  const over = (key: keyof Task) => tasks.filter((task) => task[key] > 50).length;
  const longest = (key: keyof Task) => Math.round(Math.max(0, ...tasks.map((task) => task[key])));
  console.log(`${what} | ${over('clock')}, ${over('cpu')} | ${longest('clock')}, ${longest('cpu')}`);
}
