import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import sharp, { type Sharp } from 'sharp';
import { RESOURCES } from '../../src/core/app-info.ts';
import { Engine } from '../../src/core/engine.ts';
import type { RestorationRecord } from '../../src/core/restoration/record.ts';
import { startServe } from './serve.ts';

/*
 * Looks at a result of 200 megapixels in a real Chromium through `rasr serve`: time to first paint, long tasks while
 * panning and zooming in every way of comparing, and the renderer's heap.
 *
 *     npm run build && node scripts/benchmarks/large-result.ts [--format jpeg|png] [--runs 3]
 *
 * The photo and its result are made here: a restoration of that size takes hours on a CPU, and what is measured
 * begins after it.
 */

const PHOTO = { width: 4083, height: 3063 };
const SCALE = 4;
const RESULT = { width: PHOTO.width * SCALE, height: PHOTO.height * SCALE };
const VIEWPORT = { width: 1440, height: 900 };

const POLL_MS = 50;
const PATIENCE_MS = 120_000;

/** Notes long tasks, and when the result's first pixels are on the screen: two frames after its picture is decoded. */
const OBSERVE = `{
  globalThis.rasrTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.rasrTasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
  const watch = () => {
    const shown = document.querySelector('[data-layer="result"] img, [data-layer="result"] canvas');
    const ready = shown && (shown.tagName === 'CANVAS' ? shown.closest('[data-sharp="true"]') : shown.complete);
    if (!ready) return requestAnimationFrame(watch);
    const painted = () => requestAnimationFrame(() => requestAnimationFrame(() => {
      globalThis.rasrPainted = performance.now();
    }));
    if (shown.tagName === 'IMG') shown.decode().then(painted, painted);
    else painted();
  };
  requestAnimationFrame(watch);
}`;

const { values } = parseArgs({
  options: { format: { type: 'string', default: 'jpeg' }, runs: { type: 'string', default: '3' } },
});
const format = values.format === 'png' ? 'png' : 'jpeg';

/** What one opening of the result was like. */
interface Opening {
  /** Milliseconds from the navigation until the result's pixels were on the screen. */
  readonly firstPaint: number;
  /** Milliseconds of the longest task, loading and looking apart; 0 where none was over 50. */
  readonly loading: number;
  readonly looking: number;
  /** Megabytes of the renderer's JavaScript heap, after all of it. */
  readonly heap: number;
}

const folder = await mkdtemp(path.join(tmpdir(), 'rasr-benchmark-'));
try {
  const library = path.join(folder, 'library');
  const jobId = await makeLibrary(library);
  const served = await startServe(library);
  try {
    console.log(
      'opening | first paint ms | longest task loading ms | longest task panning and zooming ms | heap MB',
    );
    for (let run = 0; run < Number(values.runs); run++) {
      report(run === 0 ? 'first, nothing cut yet' : 'again', await open(served.url, jobId));
    }
  } finally {
    await served.stop();
  }
  const pyramids = await sizeOf(path.join(library, 'previews', 'pyramids'));
  console.log(`\n${(pyramids / 1e6).toFixed(0)} MB of tiles on disk`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

function report(name: string, { firstPaint, loading, looking, heap }: Opening): void {
  console.log([name, ...[firstPaint, loading, looking, heap].map((value) => value.toFixed(0))].join(' | '));
}

/** A library with one finished job, as the queue leaves it. @returns the job's id */
async function makeLibrary(library: string): Promise<string> {
  const source = path.join(RESOURCES, 'samples', 'photos', 'courtyard-tiles.jpg');
  const photoFile = path.join(folder, 'photo.jpg');
  await grainyPhoto(source).toFile(photoFile);
  const made = path.join(folder, `photo-restored.${format === 'png' ? 'png' : 'jpg'}`);
  const result = sharp(photoFile).resize(RESULT.width, RESULT.height, { kernel: 'cubic' });
  await (format === 'png' ? result.png() : result.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })).toFile(
    made,
  );
  const megapixels = ((RESULT.width * RESULT.height) / 1e6).toFixed(0);
  const bytes = ((await stat(made)).size / 1e6).toFixed(0);
  console.log(
    `${RESULT.width} × ${RESULT.height} pixels (${megapixels} megapixels), ${format}, ${bytes} MB\n`,
  );

  const engine = await Engine.open({ library, resources: RESOURCES, tool: 'benchmark' });
  try {
    const photo = await engine.jobs.photos.add(photoFile);
    const jobId = randomUUID();
    const output = path.join(engine.library.paths.restored(jobId), path.basename(made));
    await mkdir(path.dirname(output), { recursive: true });
    await copyFile(made, output);
    engine.library.database
      .prepare(
        `INSERT INTO job (id, photo_id, settings, state, output, record, created_at, finished_at)
         VALUES (@id, @photo, @settings, 'done', @output, @record, @now, @now)`,
      )
      .run({
        id: jobId,
        photo: photo.id,
        settings: JSON.stringify({ gallery: 'none', scale: SCALE, format: 'keep' }),
        output,
        record: JSON.stringify(recordOf(path.basename(made))),
        now: new Date().toISOString(),
      });
    const begun = performance.now();
    await engine.resultCopies.make(engine.jobs.get(jobId));
    console.log(
      `copies for the screen, made when a job ends: ${((performance.now() - begun) / 1000).toFixed(1)} s\n`,
    );
    return jobId;
  } finally {
    await engine.close();
  }
}

/** A photo of twelve megapixels, with noise in all of it: files and tiles that compress badly. */
function grainyPhoto(source: string): Sharp {
  const noise = { type: 'gaussian', mean: 20, sigma: 10 } as const;
  const grain = { create: { width: 1024, height: 1024, channels: 3 as const, background: 'black', noise } };
  return sharp(source)
    .resize(PHOTO.width, PHOTO.height, { fit: 'fill', kernel: 'cubic' })
    .composite([{ input: grain, tile: true, blend: 'add' }])
    .jpeg({ quality: 95 });
}

function recordOf(name: string): RestorationRecord {
  return {
    schemaVersion: 1,
    tool: 'benchmark',
    createdAt: new Date().toISOString(),
    photo: { name: 'photo.jpg', sha256: randomUUID(), ...PHOTO },
    output: { name, ...RESULT },
    scale: SCALE,
    decision: 'off',
    references: [],
    sameObject: null,
    referenceStrength: 1,
    detail: null,
    search: null,
    generator: { id: 'none', version: '0', hash: 'none' },
    retriever: null,
    device: 'none',
    tiles: 1,
    fidelity: 30,
    seconds: 1,
  };
}

/** Opens the window at the job in a browser of its own, and looks around. */
async function open(url: string, jobId: string): Promise<Opening> {
  const browser = await chromium.launch({
    executablePath: process.env.RASR_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--enable-precise-memory-info'],
  });
  try {
    const page = await browser.newPage({ viewport: VIEWPORT });
    await page.addInitScript(OBSERVE);
    // The address with the token first: it trades it for the session and leads on.
    const context = page.context();
    await context.request.get(url);
    await page.goto(`${new URL(url).origin}/#/restore/${jobId}`, { waitUntil: 'commit' });
    const firstPaint = await until(() => page.evaluate<number | undefined>('globalThis.rasrPainted'));
    await page.getByTestId('zoom').waitFor();
    const loading = await longestTask(page);
    await lookAround(page);
    const looking = await longestTask(page);
    const session = await context.newCDPSession(page);
    const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number };
    return { firstPaint, loading, looking, heap: usedSize / 1e6 };
  } finally {
    await browser.close();
  }
}

async function longestTask(page: Page): Promise<number> {
  const tasks = await page.evaluate<number[]>('globalThis.rasrTasks.splice(0)');
  return Math.max(0, ...tasks);
}

/** 100 %, a long way by drag and by keys, in and out by the wheel, in each of the three ways, and the difference. */
async function lookAround(page: Page): Promise<void> {
  const picture = page.getByTestId('picture');
  await picture.hover();
  await page.keyboard.press('1');
  await sharpEverywhere(page);
  for (const _way of ['slider', 'side', 'lens']) {
    const { x, y, width, height } = (await picture.boundingBox())!;
    for (const [toX, toY] of [
      [0.1, 0.2],
      [0.3, 0.05],
      [0.05, 0.3],
    ] as const) {
      await page.mouse.move(x + width * 0.9, y + height * 0.85);
      await page.mouse.down();
      await page.mouse.move(x + width * toX, y + height * toY, { steps: 40 });
      await page.mouse.up();
    }
    for (const key of ['d', 's', 'd', 'a', 'w']) await page.keyboard.press(key);
    await page.mouse.move(x + width * 0.3, y + height * 0.4);
    for (let turn = 0; turn < 12; turn++) await page.mouse.wheel(0, turn < 6 ? 240 : -240);
    await sharpEverywhere(page);
    await page.keyboard.press('c');
  }
  await page.keyboard.press('h');
  await sharpEverywhere(page);
  for (const key of ['d', 's', 'd', '0', '1']) await page.keyboard.press(key);
  await sharpEverywhere(page);
}

async function sharpEverywhere(page: Page): Promise<void> {
  const sharp = `[...document.querySelectorAll('[data-layer]')].every((layer) => layer.dataset.sharp === 'true')`;
  await until(async () => (await page.evaluate<boolean>(sharp)) || undefined);
}

/** Asks until there is an answer. Not by the page's own waiting: that evaluates text, which the window's policy forbids. */
async function until<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  for (let left = PATIENCE_MS; left > 0; left -= POLL_MS) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`Nothing after ${PATIENCE_MS / 1000} s.`);
}

async function sizeOf(directory: string): Promise<number> {
  const names = await readdir(directory);
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
