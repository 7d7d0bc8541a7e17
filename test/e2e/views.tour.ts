import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { expect, test } from './fixtures.ts';
import {
  addPhotos,
  dragOverWindow,
  dropOnWindow,
  inList,
  openView,
  RESTORED_MS,
  SAMPLE_GALLERIES,
  samplePhoto,
  waitUntilRestored,
} from './steps.ts';

/** The docs show them; nothing but rendered samples is on them. */
const PICTURES = path.join('docs', 'images', 'views');
/** Bytes that all of them may take. */
const ROOM = 3_000_000;
/** WebP qualities to try, the best first. */
const QUALITIES = [75, 60, 45, 30] as const;

/** Screenshots by name. */
const taken = new Map<string, Buffer>();

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
];

test('pictures of every view', async ({ page, app: _app }, { outputDir }) => {
  test.setTimeout(900_000);
  const [panel, morpho, lake, monarch] = [
    'tile-panel-on-the-wall.jpg',
    'morpho-in-the-drawer.jpg',
    'evening-at-the-lake.jpg',
    'monarch-specimen.jpg',
  ] as const;
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await take(page, '01-first-run');
  await dragOverWindow(page, [samplePhoto(panel)]);
  await take(page, '02-drop');
  await page.reload();

  await openView(page, 'Galleries');
  await take(page, '03-no-galleries');
  await dropOnWindow(page, [SAMPLE_GALLERIES]);
  const cards = page.getByRole('list', { name: 'Galleries' });
  await expect(cards.getByText('10 references')).toHaveCount(3, { timeout: 120_000 });
  await take(page, '04-galleries');
  await page.getByRole('button', { name: 'New gallery' }).click();
  await page.getByLabel('Name').fill('girih tiles');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('already')).toBeVisible();
  await take(page, '05-new-gallery');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Butterfly wings' }).click();
  await take(page, '06-gallery');
  await page.getByRole('button', { name: 'Show blue-morpho.jpg' }).click();
  await take(page, '07-reference');
  await page.keyboard.press('Escape');

  const { notAnImage, truncated } = await badFiles(outputDir);
  await openView(page, 'Restore');
  await addPhotos(page, [
    ...[panel, morpho, lake].map(samplePhoto),
    notAnImage,
    truncated,
    samplePhoto(monarch),
  ]);
  await expect(inList(page, panel, 'tile')).toBeVisible({ timeout: 60_000 });
  await take(page, '08-running');
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: /^Output/ }).click();
  await take(page, '09-paused');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: `Cancel ${monarch}` }).click();
  for (const photo of [panel, morpho, lake]) await waitUntilRestored(page, photo);
  await expect(inList(page, 'truncated.jpg', 'Failed')).toBeVisible({ timeout: 60_000 });
  await inList(page, 'truncated.jpg').click();
  await take(page, '10-failed');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.getByRole('button', { name: '1 failed' }).click();
  await take(page, '11-failed-list');
  await page.keyboard.press('Escape');
  await inList(page, panel).click();
  await take(page, '12-compare');
  await page.getByRole('button', { name: '100 %', exact: true }).click();
  await take(page, '13-compare-100');
  await inList(page, morpho).click();
  await page.getByRole('button', { name: 'From the reference' }).click();
  await expect(page.getByTestId('weight-map')).toBeVisible();
  await take(page, '13-from-the-reference');
  await page.getByRole('button', { name: 'Restore without reference' }).click();
  await expect(page.getByTestId('picture').getByText('No reference')).toBeVisible({ timeout: RESTORED_MS });
  await page.getByRole('button', { name: 'From the reference' }).click();
  await take(page, '13-with-and-without');
  await inList(page, lake).click();
  await take(page, '14-without-reference');
  await inList(page, panel).click();
  await page.getByRole('button', { name: /^Pin / }).first().click();
  await page
    .getByRole('button', { name: /^Exclude / })
    .last()
    .click();
  await take(page, '14-pinned-and-excluded');
  await page.getByRole('button', { name: 'Choose by hand…' }).click();
  const picker = page.getByRole('list', { name: 'References, the most similar first' }).getByRole('button');
  await picker.first().click();
  await picker.nth(3).click();
  await take(page, '14-choose-by-hand');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Presets' }).click();
  await page.getByLabel('Name of the preset').fill('For the web');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await take(page, '15-presets');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Restore again…' }).click();
  await take(page, '16-restore-again');
  await page.keyboard.press('Escape');
  await openView(page, 'Models');
  await page.getByRole('button', { name: 'Verify' }).first().click();
  await expect(page.getByText('Intact').first()).toBeVisible();
  await take(page, '17-models');
  await page.getByRole('button', { name: /^Figures of RASRNet/ }).click();
  await take(page, '18-figures');
  await openView(page, 'Settings');
  await expect(page.getByTestId('library-folder')).not.toBeEmpty();
  await take(page, '19-settings');
  await page.getByRole('combobox', { name: 'Language' }).click();
  await page.getByRole('option', { name: 'Deutsch', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Einstellungen' })).toBeVisible();
  await take(page, '20-settings-german');
  await writePictures();
});

async function badFiles(folder: string): Promise<{ notAnImage: string; truncated: string }> {
  await mkdir(folder, { recursive: true });
  const notAnImage = path.join(folder, 'shopping list.jpg');
  await writeFile(notAnImage, 'Bread, milk\n');
  const truncated = path.join(folder, 'truncated.jpg');
  const whole = await readFile(samplePhoto('tiger-in-the-shade.jpg'));
  await writeFile(truncated, whole.subarray(0, whole.length / 2));
  return { notAnImage, truncated };
}

/** Writes all pictures, as good as the room for them allows. */
async function writePictures(): Promise<void> {
  await rm(PICTURES, { recursive: true, force: true });
  await mkdir(PICTURES, { recursive: true });
  for (const quality of QUALITIES) {
    const written = await Promise.all(
      [...taken].map(async ([name, screenshot]) => {
        const picture = sharp(screenshot).webp({ quality, effort: 6, smartSubsample: true });
        return (await picture.toFile(path.join(PICTURES, `${name}.webp`))).size;
      }),
    );
    const bytes = written.reduce((sum, size) => sum + size, 0);
    if (bytes < ROOM) return;
  }
  throw new Error(`The pictures take more than ${ROOM} bytes: leave some out.`);
}

async function take(page: Page, name: string): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
      await expect.poll(() => visibleImagesLoaded(page)).toBe(true);
      taken.set(`${name}-${size.width}-${colorScheme}`, await page.screenshot());
    }
  }
}

function visibleImagesLoaded(page: Page): Promise<boolean> {
  return page
    .locator('img:visible')
    .evaluateAll((images) => images.every((image) => (image as unknown as { complete: boolean }).complete));
}
