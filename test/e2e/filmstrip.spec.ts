import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { crop, pixelsOf } from './pixels.ts';
import { colourOf, writeSmallPhotos } from './small-photos.ts';
import { addPhotos, inList, waitUntilRestored } from './steps.ts';

const COUNT = 10_000;
/** The last of them, tried again one by one. */
const FAILED = 400;

/**
 * Fills a library with jobs as a batch of 10,000 leaves them: all restored but for the last ones, which failed.
 *
 * @param photos the files they were made of, over and over
 */
function fill(library: string, photos: readonly string[]): void {
  const database = new Database(path.join(library, 'library.db'));
  const made = database
    .prepare<[], { output: string; record: string; settings: string }>(
      "SELECT output, record, settings FROM job WHERE state = 'done' ORDER BY rowid",
    )
    .all();
  const addPhoto = database.prepare(
    "INSERT INTO photo (id, path, name, width, height, created_at) VALUES (?, ?, ?, 48, 36, '2026-01-01T00:00:00.000Z')",
  );
  const addJob = database.prepare(
    `INSERT INTO job (id, photo_id, settings, state, output, record, error, created_at, finished_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, '2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.000Z')`,
  );
  const error = JSON.stringify({
    code: 'NO_SPACE',
    message: 'The disk is full.',
    remedy: 'Free some space, or choose another folder, and start again; nothing was lost.',
  });
  database
    .transaction(() => {
      database.exec('DELETE FROM job; DELETE FROM photo');
      for (let i = 0; i < COUNT; i++) {
        const [photoId, jobId] = [randomUUID(), randomUUID()];
        const { settings, output, record } = made[i % made.length]!;
        addPhoto.run(photoId, photos[i % photos.length], `photo-${String(i + 1).padStart(5, '0')}.png`);
        if (i < COUNT - FAILED) addJob.run(jobId, photoId, settings, 'done', output, record, null);
        else addJob.run(jobId, photoId, settings, 'failed', null, null, error);
      }
    })
    .immediate();
  database.close();
}

const strip = (page: Page) => page.getByRole('region', { name: 'Photos' });
const drawn = (page: Page) => strip(page).locator('[data-job]').count();

test('a list of 10,000 photos draws those in sight, goes by keys from end to end, and works throughout', async ({
  page,
  server,
  app: _app,
}, { outputDir }) => {
  test.slow();
  const photos = await writeSmallPhotos(outputDir, 3);
  await page.getByText('×1', { exact: true }).click();
  await addPhotos(page, photos);
  await waitUntilRestored(page, 'small-03.png');
  await server.stop();
  fill(server.library, photos);
  await server.restart();
  await page.goto(server.url);

  const last = 'photo-10000.png';
  await expect(inList(page, last, 'Failed')).toBeVisible();
  await expect(strip(page).getByRole('listitem').last()).toHaveAttribute('aria-setsize', String(COUNT));
  await expect(strip(page).getByRole('listitem').last()).toHaveAttribute('aria-posinset', String(COUNT));
  expect(await drawn(page)).toBeLessThan(60);

  await test.step('by keys', async () => {
    await inList(page, last).focus();
    await page.keyboard.press('Home');
    const first = inList(page, 'photo-00001.png', 'Restored');
    await expect(first).toBeFocused();
    await expect(first).toBeInViewport();
    await expect(page.getByRole('heading', { level: 2, name: 'photo-00001.png' })).toBeVisible();
    for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowRight');
    await expect(inList(page, 'photo-00031.png')).toBeFocused();
    await page.keyboard.press('PageUp');
    await expect(inList(page, 'photo-00031.png')).not.toBeFocused();
    await page.keyboard.press('End');
    await expect(inList(page, last)).toBeFocused();
    expect(await drawn(page)).toBeLessThan(60);
  });

  await test.step('by the wheel and the bar, with the right picture at every place', async () => {
    const scroller = strip(page).locator('ul').locator('..');
    for (const share of [0.5, 0.1, 0.25]) {
      await scroller.evaluate((element, to) => {
        const { scrollWidth } = element as unknown as { scrollWidth: number };
        (element as unknown as { scrollLeft: number }).scrollLeft = scrollWidth * to;
      }, share);
      await expect.poll(() => drawn(page)).toBeLessThan(60);
      const at = Math.round(COUNT * share) + 5;
      const photo = inList(page, `photo-${String(at).padStart(5, '0')}.png`);
      await expect(photo).toBeInViewport();
      const picture = photo.locator('img');
      // Its middle: a badge and the name lie over the rest.
      const middle = async () => crop(await pixelsOf(picture), 36, 30, 40, 20).data;
      const { r } = colourOf((at - 1) % photos.length);
      await expect.poll(async () => Math.abs((await middle())[0]! - r)).toBeLessThan(14);
    }
    await inList(page, 'photo-02505.png').click();
    await expect(page.getByRole('heading', { level: 2, name: 'photo-02505.png' })).toBeVisible();
  });

  await test.step('failed photos are listed with reason and remedy, as many as there are', async () => {
    await page.getByRole('button', { name: `${FAILED} failed` }).click();
    const list = page.getByRole('dialog', { name: `${FAILED} failed` });
    const items = list.getByRole('listitem');
    await expect(items.first()).toContainText('The disk is full. Free some space');
    await expect(items.first()).toHaveAttribute('aria-setsize', String(FAILED));
    expect(await items.count()).toBeLessThan(40);
    await items.first().getByRole('button', { name: 'Retry photo-09601.png' }).click();
    await expect(page.getByRole('button', { name: `${FAILED - 1} failed` })).toBeVisible({ timeout: 60_000 });
    await page.keyboard.press('Escape');
    await expect
      .poll(() => rows(server.library, "SELECT 1 FROM job WHERE state = 'done'").length, { timeout: 60_000 })
      .toBe(COUNT - FAILED + 1);
  });

  await test.step('clearing leaves the failed ones', async () => {
    await page.getByRole('button', { name: 'Clear finished' }).click();
    await expect(
      page.getByText(`${(COUNT - FAILED + 1).toLocaleString('en')} photos were cleared`),
    ).toBeVisible({
      timeout: 60_000,
    });
    await expect(strip(page).getByRole('listitem').last()).toHaveAttribute(
      'aria-setsize',
      String(FAILED - 1),
    );
    expect(rows(server.library, 'SELECT 1 FROM photo')).toHaveLength(FAILED - 1);
  });
});
