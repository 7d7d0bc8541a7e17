import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { crop, decode, pixelsOf } from './pixels.ts';
import { colourOf, writeSmallPhotos } from './small-photos.ts';
import {
  addPhotos,
  dropOnWindow,
  inList,
  openView,
  restoredFile,
  samplePhoto,
  waitUntilRestored,
} from './steps.ts';

test('one bad file among good ones is named with a remedy, the good ones are restored', async ({
  page,
  server,
  app: _app,
}, { outputDir }) => {
  const folder = path.join(outputDir, 'Фото 50 % 🐯');
  await mkdir(path.join(folder, 'deeper'), { recursive: true });
  await cp(samplePhoto('monarch-specimen.jpg'), path.join(folder, 'monarch.jpg'));
  await cp(samplePhoto('tiger-in-the-shade.jpg'), path.join(folder, 'deeper', 'тигр 1.jpg'));
  await writeFile(path.join(folder, 'notes.jpg'), 'This is no picture.\n');
  await writeFile(path.join(folder, 'readme.txt'), 'Not a photo by its name, so it is left out.\n');

  await expect(page.getByRole('heading', { level: 1 })).toContainText('Restore poor photos');
  await dropOnWindow(page, [folder]);
  const alert = page.getByRole('alert').filter({ hasText: 'One file was not added' });
  await expect(alert).toContainText('notes.jpg');
  await expect(alert).toContainText('Use one of JPEG, PNG');
  await expect(alert).not.toContainText('readme.txt');

  for (const photo of ['monarch.jpg', 'тигр 1.jpg']) {
    await waitUntilRestored(page, photo);
    const { width } = await decode(restoredFile(server.library, photo));
    expect(width).toBeGreaterThan(1000);
  }
  await expect(page.getByText('2 restored')).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(alert).toHaveCount(0);
  expect(rows(server.library, 'SELECT * FROM photo')).toHaveLength(2);
});

test('a reload shows the same list; cancelled jobs can be tried again and removed', async ({
  page,
  server,
  app: _app,
}) => {
  const [first, second, third] = [
    'courtyard-tiles.jpg',
    'monarch-specimen.jpg',
    'tiger-in-the-shade.jpg',
  ] as const;
  await page.getByText('×1', { exact: true }).click();
  await addPhotos(page, [first, second, third].map(samplePhoto));
  await inList(page, third).hover();
  await page.getByRole('button', { name: `Cancel ${third}` }).click();
  await expect(inList(page, third, 'Cancelled')).toBeVisible();
  await waitUntilRestored(page, first);
  await waitUntilRestored(page, second);

  const labels = page.getByRole('region', { name: 'Photos' }).locator('[data-job]');
  const list = async () =>
    Promise.all((await labels.all()).map((button) => button.getAttribute('aria-label')));
  const shown = await list();
  expect(shown).toEqual([`${first}: Restored`, `${second}: Restored`, `${third}: Cancelled`]);
  await inList(page, second).click();
  await page.reload();
  await expect(labels).toHaveCount(3);
  expect(await list()).toEqual(shown);
  await expect(inList(page, second)).toHaveAttribute('aria-current', 'true');
  await expect(page.getByRole('radio', { name: '×1' })).toBeChecked();

  await inList(page, third).click();
  await page.getByRole('button', { name: 'Try again' }).click();
  await waitUntilRestored(page, third);
  await inList(page, first).hover();
  await page.getByRole('button', { name: `Remove ${first}` }).click();
  await expect(labels).toHaveCount(2);
  expect(rows(server.library, 'SELECT * FROM job')).toHaveLength(2);
  await openView(page, 'Models');
  await page.getByRole('button', { name: 'Verify' }).first().click();
  await expect(page.getByText('Intact').first()).toBeVisible();
});

/** What the database knows of a job. */
interface JobRow {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly attempts: number;
  readonly output: string | null;
  readonly record: string | null;
}

const JOBS =
  'SELECT job.id, name, state, attempts, output, record FROM job JOIN photo ON photo.id = photo_id';

/** The line over the list: how far the batch is. */
const progressLine = (page: Page) => page.getByTestId('batch');
const heard = (page: Page) => page.getByRole('status', { name: 'Batch' });

test('a batch of 20 goes through a pause, a reload and a restart of the server: nothing lost, nothing done twice', async ({
  page,
  server,
  app: _app,
}, { outputDir }) => {
  // Large enough that twenty of them take longer than to click Pause, on a busy machine too.
  const size = { width: 120, height: 90 };
  const photos = await writeSmallPhotos(outputDir, 20, size);
  const jobs = () => rows<JobRow>(server.library, `${JOBS} ORDER BY job.rowid`);
  const done = () => jobs().filter(({ state }) => state === 'done');
  await page.getByText('×1', { exact: true }).click();
  await addPhotos(page, photos);
  await expect(progressLine(page)).toHaveText(/^\d+ of 20 · less than a minute left$/);
  await expect(heard(page)).toHaveText(/begun|of 20/);
  await expect.poll(() => done().length, { timeout: 60_000, intervals: [50] }).toBeGreaterThan(0);

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(progressLine(page)).toHaveText(/^\d+ of 20 · paused$/);
  await expect(heard(page)).toHaveText('Restoring is paused.');
  const paused = done();
  const tellsPaused = async () => {
    await expect(progressLine(page)).toHaveText(`${paused.length} of 20 · paused`);
    await expect(page).toHaveTitle(`${paused.length} of 20 · paused – RASR`);
    const share = page.getByRole('progressbar', { name: 'All photos' });
    await expect(share).toHaveAttribute('aria-valuenow', String(paused.length * 5));
    const list = page.getByRole('region', { name: 'Photos' });
    await expect(list.getByRole('button', { name: /: Restored$/ })).toHaveCount(paused.length);
    await expect(list.getByRole('button', { name: /: Waiting$/ })).toHaveCount(20 - paused.length);
  };
  await tellsPaused();
  await page.reload();
  await tellsPaused();
  expect(done()).toEqual(paused);

  await page.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => done().length, { timeout: 60_000, intervals: [50] }).toBeGreaterThan(paused.length);
  await server.restart();
  const before = done();
  expect(before.length).toBeLessThan(20);
  await page.goto(server.url);
  // The time is known at once: what was restored before the restart tells it.
  await expect(progressLine(page)).toHaveText(/^\d+ of 20 · less than a minute left$/);
  await expect(progressLine(page)).toHaveText('20 restored', { timeout: 60_000 });
  await expect(page).toHaveTitle('RASR');
  await expect(heard(page)).toHaveText('20 photos are restored.');

  const after = jobs();
  expect(after.map(({ name, state, attempts }) => ({ name, state, attempts }))).toEqual(
    photos.map((file) => ({ name: path.basename(file), state: 'done', attempts: 1 })),
  );
  // What was there before the restart was not made again.
  expect(after.filter(({ id }) => before.some((job) => job.id === id))).toEqual(before);
  const files = await readdir(path.join(server.library, 'restored'), { recursive: true });
  expect(files.filter((file) => file.endsWith('.png'))).toHaveLength(20);
  expect(files.filter((file) => file.endsWith('.rasr.json'))).toHaveLength(20);
  for (const [i, { output }] of after.entries()) {
    const { width, height, data } = await decode(output!);
    expect([width, height]).toEqual([size.width, size.height]);
    expect(isColour(data, colourOf(i)), `${output} is of the photo's colour`).toBe(true);
  }
  const last = inList(page, 'small-20.png').locator('img');
  await last.scrollIntoViewIfNeeded();
  // Its middle: a badge and the name lie over the rest.
  const middle = async () => crop(await pixelsOf(last), 36, 30, 40, 20).data;
  await expect.poll(async () => isColour(await middle(), colourOf(19))).toBe(true);
});

test('cancel all, retry what failed, clear what is finished: the list is empty, every result there', async ({
  page,
  server,
  app: _app,
}, { outputDir }) => {
  const [first, second] = await writeSmallPhotos(outputDir, 2);
  const [broken, large] = ['broken.jpg', 'tile-panel-on-the-wall.jpg'] as const;
  const whole = await readFile(samplePhoto('monarch-specimen.jpg'));
  await writeFile(path.join(outputDir, broken), whole.subarray(0, whole.length / 2));
  await addPhotos(page, [first!, path.join(outputDir, broken), samplePhoto(large), second!]);
  await expect(inList(page, large, 'tile')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Cancel all' }).click();
  await expect(progressLine(page)).toHaveText('1 restored · 2 cancelled');
  const states = () => rows<JobRow>(server.library, `${JOBS} ORDER BY job.rowid`).map(({ state }) => state);
  expect(states()).toEqual(['done', 'failed', 'cancelled', 'cancelled']);

  await page.getByRole('button', { name: '1 failed' }).click();
  const list = page.getByRole('dialog', { name: '1 failed' });
  await expect(list.getByRole('listitem')).toHaveText(
    /^broken\.jpg is damaged.*Copy the photo from its source/,
  );
  // As its user does who copies it again; here it is the library's own copy of the upload.
  const [photo] = rows<{ path: string }>(server.library, `SELECT path FROM photo WHERE name = '${broken}'`);
  await writeFile(photo!.path, await readFile(samplePhoto('monarch-specimen.jpg')));
  await list.getByRole('button', { name: 'Retry failed' }).click();
  await expect(list).toBeHidden();
  await waitUntilRestored(page, broken);
  expect(states()).toEqual(['done', 'done', 'cancelled', 'cancelled']);

  const results = [restoredFile(server.library, 'small-01.png'), restoredFile(server.library, broken)];
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await expect(page.getByText('4 photos were cleared')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Restore poor photos');
  expect(states()).toEqual([]);
  for (const file of results) expect((await decode(file)).width).toBeGreaterThan(0);
  // Uploaded copies are in no list any more.
  expect(rows(server.library, 'SELECT * FROM photo')).toEqual([]);
  await expect.poll(() => readdir(path.join(server.library, 'photos'))).toEqual([]);
});

/** Whether the mean colour of RGB pixels is that colour, but for what a small network does to a plain patch. */
function isColour(data: Uint8Array, { r, g, b }: { r: number; g: number; b: number }): boolean {
  const count = data.length / 3;
  return [r, g, b].every((expected, channel) => {
    let sum = 0;
    for (let i = channel; i < data.length; i += 3) sum += data[i]!;
    return Math.abs(sum / count - expected) < 12;
  });
}
