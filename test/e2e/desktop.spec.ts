import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import sharp from 'sharp';
import { test } from './desktop.ts';
import { rows } from './library.ts';
import {
  addPhotos,
  dropOnWindow,
  inList,
  openView,
  restoredFile,
  samplePhoto,
  waitUntilRestored,
} from './steps.ts';

// The window as the desktop app shows it, where Electron itself is not needed.

const PHOTO = 'morpho-in-the-drawer.jpg';
const OTHER = 'tile-panel-on-the-wall.jpg';

/** Where a test's own copy of a sample lies: outputs go beside photos here. */
const copyOf = (name: string) => path.join(test.info().outputDir, name);

test.beforeEach(async () => {
  await mkdir(test.info().outputDir, { recursive: true });
  for (const name of [PHOTO, OTHER]) await copyFile(samplePhoto(name), copyOf(name));
});

/** What desktop-page.js puts into the page. */
interface InPage {
  readonly refusals: string[];
  intrude(): Promise<void>;
}

test('the policy refuses everything from elsewhere, and nothing of the app', async ({ page, desktop }) => {
  const refusals = () => page.evaluate(() => (globalThis as unknown as InPage).refusals);
  await desktop.show();
  await addPhotos(page, [copyOf(PHOTO)]);
  await expect(inList(page, PHOTO)).toBeVisible();
  const thumbnail = inList(page, PHOTO).locator('img');
  await expect(thumbnail).not.toHaveJSProperty('naturalWidth', 0);
  for (const view of ['Galleries', 'Models', 'Restore'] as const) await openView(page, view);
  expect(await refusals()).toEqual([]);

  await page.evaluate(() => (globalThis as unknown as InPage).intrude());
  await expect
    .poll(refusals)
    .toEqual(
      expect.arrayContaining([
        'script-src-elem inline',
        'script-src-attr inline',
        'img-src https://example.org/a.png',
        'connect-src https://example.org/',
        'frame-src https://example.org',
      ]),
    );
  expect(await page.evaluate(() => 'intruded' in globalThis)).toBe(false);
});

test('a photo opened with the app is restored, and dragged out, saved and shown', async ({
  page,
  desktop,
}) => {
  // Opened before there is a window, as a double click on a photo does.
  await desktop.opened.open([copyOf(PHOTO), copyOf('gone.jpg')]);
  await desktop.show();
  await waitUntilRestored(page, PHOTO);
  await expect(page.getByText('gone.jpg').first()).toBeVisible();
  // The photo stays where it is.
  expect(rows(desktop.library, 'SELECT path FROM photo')).toEqual([{ path: copyOf(PHOTO) }]);
  const [job] = rows<{ id: string }>(desktop.library, 'SELECT id FROM job');
  expect(desktop.languages).toEqual(['en']);

  await test.step('dragged out', async () => {
    const { x, y, width, height } = (await inList(page, PHOTO).boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 30, y - 40, { steps: 5 });
    await expect.poll(() => desktop.dragged).toHaveLength(1);
    const [item] = desktop.dragged;
    expect(item!.files).toEqual([restoredFile(desktop.library, PHOTO)]);
    expect(await sharp(item!.icon).metadata()).toMatchObject({ format: 'png', width: 96 });
    // Let go over the app itself: it was not meant for it.
    await dropOnWindow(page, [copyOf(OTHER)]);
    await page.mouse.up();
    await page.mouse.move(x, y - 100);
  });

  await test.step('saved and shown by the menu', async () => {
    await desktop.command({ kind: 'save-result' });
    await desktop.command({ kind: 'reveal-result' });
    await expect.poll(() => [desktop.saved, desktop.revealed]).toEqual([[job!.id], [job!.id]]);
  });

  await test.step('views by the menu', async () => {
    await desktop.command({ kind: 'show', view: 'galleries' });
    await expect(page.getByRole('heading', { level: 1, name: 'Galleries' })).toBeVisible();
    // Nothing is chosen here.
    await desktop.command({ kind: 'save-result' });
    await desktop.command({ kind: 'finishing' });
    await expect(page.getByText('RASR quits as soon as this photo is restored.')).toBeVisible();
    expect(desktop.saved).toHaveLength(1);
    // Nothing came of what was let go over the app.
    expect(rows(desktop.library, 'SELECT id FROM job')).toHaveLength(1);
  });

  await test.step('taken in once the drag is over', async () => {
    await desktop.command({ kind: 'show', view: 'restore' });
    await dropOnWindow(page, [copyOf(OTHER)]);
    await expect(inList(page, OTHER)).toBeVisible();
  });
});
