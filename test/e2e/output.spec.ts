import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { decode, meanColour } from './pixels.ts';
import { colourOf, SMALL, writeSmallPhotos } from './small-photos.ts';
import { addPhotos, dropOnWindow, inList, waitUntilRestored } from './steps.ts';

const ALL = { left: 0, right: 1, top: 0, bottom: 1 };

async function chooseFolder(page: Page, folder: string): Promise<void> {
  await page.getByRole('button', { name: /^Output/ }).click();
  await page.getByRole('combobox', { name: 'Folder' }).click();
  await page.getByRole('option', { name: 'Another folder…' }).click();
  await page.getByLabel('Path of a folder on this computer').fill(folder);
  await page.getByRole('button', { name: 'Use this folder' }).click();
}

async function expectColour(file: string, index: number, size = SMALL): Promise<void> {
  const picture = await decode(file);
  expect([picture.width, picture.height]).toEqual([size.width, size.height]);
  const { r, g, b } = colourOf(index);
  const mean = meanColour(picture, ALL);
  for (const [channel, wanted] of [r, g, b].entries())
    expect(Math.abs(mean[channel]! - wanted)).toBeLessThan(12);
}

test('outputs go to the folder that was typed, in the subfolders of what was dropped, over a restart, and overwrite nothing', async ({
  page,
  server,
  app: _app,
}, { outputDir }) => {
  const given = path.join(outputDir, 'Экспедиция 50 % 🐅');
  const out = path.join(outputDir, 'Ausgabe');
  const [first, second] = await writeSmallPhotos(path.join(given, 'day 1'), 2);
  const [third] = await writeSmallPhotos(path.join(given, 'day 2', 'evening'), 1);
  await mkdir(out, { recursive: true });
  expect([first, second, third].every(Boolean)).toBe(true);

  await chooseFolder(page, 'Ausgabe');
  await expect(page.getByText('Ausgabe is not a whole path. Begin at the root of the disk.')).toBeVisible();
  await page.getByLabel('Path of a folder on this computer').fill(path.join(outputDir, 'none'));
  await page.getByRole('button', { name: 'Use this folder' }).click();
  await expect(page.getByText(`There is no folder ${path.join(outputDir, 'none')}.`)).toBeVisible();
  await page.getByLabel('Path of a folder on this computer').fill(out);
  await page.getByRole('button', { name: 'Use this folder' }).click();
  await expect(page.getByRole('combobox', { name: 'Folder' })).toHaveValue(/Ausgabe$/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^Output: Ausgabe\// })).toBeVisible();
  await page.getByText('×1', { exact: true }).click();
  const scale = "SELECT value ->> 'scale' AS scale FROM setting WHERE key = 'batch-settings'";
  await expect.poll(() => rows(server.library, scale)).toEqual([{ scale: 1 }]);

  // The server takes another port: what was chosen is kept by the library, not by the browser.
  await server.restart();
  await page.goto(server.url);
  await expect(page.getByRole('radio', { name: '×1' })).toBeChecked();
  await expect(page.getByRole('button', { name: /^Output: Ausgabe\// })).toBeVisible();

  await dropOnWindow(page, [given]);
  await expect(page.getByTestId('batch')).toHaveText('3 restored', { timeout: 60_000 });
  const below = path.join(out, path.basename(given));
  await expectColour(path.join(below, 'day 1', 'small-01-restored.png'), 0);
  await expectColour(path.join(below, 'day 1', 'small-02-restored.png'), 1);
  await expectColour(path.join(below, 'day 2', 'evening', 'small-01-restored.png'), 0);

  await writeFile(path.join(out, 'small-02-restored.png'), 'somebody else’s');
  await addPhotos(page, [second!]);
  await expect(page.getByTestId('batch')).toHaveText('4 restored', { timeout: 60_000 });
  expect((await readdir(out)).filter((name) => name.endsWith('.png')).sort()).toEqual([
    'small-02-restored (2).png',
    'small-02-restored.png',
  ]);
  expect(rows(server.library, 'SELECT DISTINCT state, attempts FROM job')).toEqual([
    { state: 'done', attempts: 1 },
  ]);
  // Nothing was kept in the library, and clearing the list leaves the folder as it is.
  expect(await readdir(server.library)).not.toContain('restored');
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await expect(page.getByText('4 photos were cleared')).toBeVisible();
  await expect.poll(() => readdir(path.join(server.library, 'photos'))).toEqual([]);
  expect((await readdir(out, { recursive: true })).filter((name) => name.endsWith('.png'))).toHaveLength(5);
});

test('a batch whose engine is killed again and again makes every output once', async ({
  page,
  server,
  app: _app,
}, { outputDir }) => {
  const out = path.join(outputDir, 'out');
  // Large enough that some are left when the last has arrived.
  const size = { width: 120, height: 90 };
  const photos = await writeSmallPhotos(path.join(outputDir, 'in'), 20, size);
  await mkdir(out, { recursive: true });
  await chooseFolder(page, out);
  await page.keyboard.press('Escape');
  await page.getByText('×1', { exact: true }).click();
  await addPhotos(page, photos);
  // What has not been handed over yet is lost with the page.
  await expect.poll(() => rows(server.library, 'SELECT 1 FROM job').length, { timeout: 60_000 }).toBe(20);
  const done = () => rows(server.library, "SELECT 1 FROM job WHERE state = 'done'").length;
  for (let killed = 0; killed < 2; killed++) {
    // A photo is tried twice: the one that was at work must be through before the next kill.
    const before = done();
    await expect.poll(done, { timeout: 60_000 }).toBeGreaterThan(before);
    await server.kill();
    await page.goto(server.url);
  }
  await expect(page.getByTestId('batch')).toHaveText('20 restored', { timeout: 90_000 });
  await waitUntilRestored(page, 'small-20.png');
  await expect(inList(page, 'small-01.png', 'Restored')).toBeVisible();
  // What a killed process had not finished is hidden, and goes with a later output.
  expect((await readdir(out)).filter((name) => !name.startsWith('.rasr-')).sort()).toEqual(
    photos
      .flatMap((file) => {
        const name = `${path.basename(file, '.png')}-restored.png`;
        return [name, `${name}.rasr.json`];
      })
      .sort(),
  );
  for (const [i, file] of photos.entries()) {
    await expectColour(path.join(out, `${path.basename(file, '.png')}-restored.png`), i, size);
  }
});
