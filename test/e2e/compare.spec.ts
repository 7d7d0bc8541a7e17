import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { crop, decode, difference, meanColour, type Pixels, pixelsOf, type Region } from './pixels.ts';
import {
  addPhotos,
  inList,
  makeGallery,
  openView,
  RESTORED_MS,
  restoredFile,
  samplePhoto,
  sampleReferences,
  sharpEverywhere,
  waitUntilRestored,
} from './steps.ts';

/** Below the labels, and below the round handle in the middle of the divider. */
const LOWER_PART = { top: 0.65, bottom: 0.95 };
const LEFT: Region = { left: 0.05, right: 0.4, ...LOWER_PART };
const RIGHT: Region = { left: 0.6, right: 0.95, ...LOWER_PART };
const ALL: Region = { left: 0.05, right: 0.95, ...LOWER_PART };
/** On the right wing, and in a corner of the photo where the reference does not reach. */
const WING: Region = { left: 0.6, right: 0.75, top: 0.45, bottom: 0.6 };
const CORNER: Region = { left: 0.01, right: 0.1, top: 0.94, bottom: 0.99 };
/** Two screenshots of the same pixels differ by nothing; a share of a step is left for scaling. */
const SAME = 0.25;

const PHOTO = 'monarch-specimen.jpg';
const GALLERY = 'Butterfly wings';

test('a photo is restored with the reference found, compared and saved', async ({
  page,
  server,
  app: _app,
}) => {
  const photo = PHOTO;
  await makeGallery(page, GALLERY);
  await openView(page, 'Restore');
  await addPhotos(page, [samplePhoto(photo)]);
  await waitUntilRestored(page, photo);

  await test.step('the reference is named with its gallery, and that it shows this very object', async () => {
    const { decision, references, sameObject } = recordOf(server.library, photo);
    expect(decision).toBe('found');
    const [used] = references;
    expect(sameObject!.sha256).toBe(used!.sha256);
    const [share, overlap] = [sameObject!.used, sameObject!.overlap].map((value) => Math.round(value * 100));
    const region = page.getByRole('region', { name: 'References' });
    await expect(region).toContainText('This very object');
    await expect(region).toContainText(
      `${share} % of the picture comes from ${used!.name}, which covers ${overlap} % of it.`,
    );
    expect((await sampleReferences(GALLERY)).map((file) => path.basename(file))).toContain(used!.name);
    const shown = region.getByRole('listitem').first();
    await expect(shown).toContainText(used!.name);
    await expect(shown).toContainText(GALLERY);
    await expect(shown.getByRole('img', { name: used!.name })).not.toHaveJSProperty('naturalWidth', 0);
  });

  const picture = page.getByTestId('picture');
  const divider = page.getByRole('slider', { name: 'Divider between before and after' });
  await sharpEverywhere(picture);

  const before = await at(page, picture, divider, 100);
  const after = await at(page, picture, divider, 0);

  await test.step('arrow keys move the divider, and pixels change', async () => {
    expect(difference(before, after, ALL)).toBeGreaterThan(0.5);
    const halves = await at(page, picture, divider, 50);
    expect(difference(halves, before, LEFT)).toBeLessThan(SAME);
    expect(difference(halves, after, RIGHT)).toBeLessThan(SAME);
  });

  await test.step('R tints what came from the reference, and nothing else', async () => {
    const button = page.getByRole('button', { name: 'From the reference' });
    await page.keyboard.press('r');
    await expect(button).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByTestId('weight-map')).toBeVisible();
    const tinted = await at(page, picture, divider, 0);
    expect(difference(tinted, after, WING)).toBeGreaterThan(20);
    const [red, , blue] = meanColour(tinted, WING);
    expect(blue).toBeGreaterThan(red + 20);
    const corner = meanColour(tinted, CORNER);
    expect(Math.max(...corner) - Math.min(...corner)).toBeLessThan(4);
    await button.click();
    expect(difference(await pixelsOf(picture), after, ALL)).toBeLessThan(SAME);
  });

  await test.step('the mouse drags the divider', async () => {
    const box = (await picture.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.97, box.y + box.height / 2, { steps: 8 });
    await page.mouse.up();
    const dragged = await pixelsOf(picture);
    expect(difference(dragged, before, RIGHT)).toBeLessThan(SAME);
    expect(difference(dragged, after, RIGHT)).toBeGreaterThan(0.5);
  });

  await test.step('holding Space shows before, letting go shows after', async () => {
    await at(page, picture, divider, 0);
    await page.keyboard.down('Space');
    await expect(picture.getByText('After')).toHaveCount(0);
    await expect.poll(async () => difference(await pixelsOf(picture), before, ALL)).toBeLessThan(SAME);
    await page.keyboard.up('Space');
    await expect(picture.getByText('After')).toHaveCount(1);
    await expect.poll(async () => difference(await pixelsOf(picture), after, ALL)).toBeLessThan(SAME);
  });

  await test.step('at 100 % one pixel of the result is one pixel of the screen', async () => {
    await page.getByRole('button', { name: '100 %', exact: true }).click();
    await expect(page.getByTestId('zoom')).toHaveText('100 %');
    await sharpEverywhere(picture);
    const shown = await at(page, picture, divider, 0);
    const file = await decode(restoredFile(server.library, photo));
    // An odd difference is split as the window splits it: towards the left and the top.
    const left = Math.floor((file.width - shown.width) / 2);
    const top = Math.floor((file.height - shown.height) / 2);
    const expected = crop(file, left, top, shown.width, shown.height);
    // Not nearly: these are the file's own pixels.
    expect(difference(shown, expected, ALL)).toBe(0);

    const box = (await picture.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 - 40, box.y + box.height * 0.8 - 20, { steps: 4 });
    await page.mouse.up();
    await sharpEverywhere(picture);
    const panned = crop(file, left + 40, top + 20, shown.width, shown.height);
    expect(difference(await pixelsOf(picture), panned, ALL)).toBe(0);
    await page.keyboard.press('r');
    const tint = (await page.getByTestId('weight-map').boundingBox())!;
    expect([tint.width, tint.height]).toEqual([file.width, file.height]);
    expect([box.x - tint.x, box.y - tint.y]).toEqual([left + 40, top + 20]);
    await page.keyboard.press('r');
  });

  await test.step('Save hands out a real image of four times the size', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save…' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('monarch-specimen-restored.jpg');
    const saved = await decode(await download.path());
    const original = await decode(samplePhoto(photo));
    expect([saved.width, saved.height]).toEqual([original.width * 4, original.height * 4]);
  });

  await test.step('one click restores it without the reference, and both are compared', async () => {
    await page.getByRole('button', { name: 'Fit' }).click();
    await page.getByRole('button', { name: 'Restore without reference' }).click();
    const label = picture.getByText('No reference', { exact: true });
    await expect(label).toBeVisible({ timeout: RESTORED_MS });
    await expect(picture.getByText('With monarch.jpg')).toBeVisible();
    await sharpEverywhere(picture);
    const without = await at(page, picture, divider, 100);
    expect(difference(without, before, WING)).toBeGreaterThan(2);
    expect(difference(without, after, WING)).toBeGreaterThan(2);
    await page.getByRole('radiogroup', { name: 'Compare with' }).getByText('Photo').click();
    await expect(label).toBeHidden();
    await sharpEverywhere(picture);
    expect(difference(await at(page, picture, divider, 100), before, WING)).toBeLessThan(SAME);
  });

  await test.step('the photo is restored again with other settings, beside the first result', async () => {
    await page.getByRole('button', { name: 'Restore again…' }).click();
    const settings = page.getByRole('dialog');
    // All of it is seen in the smallest window, too.
    await page.setViewportSize({ width: 1024, height: 700 });
    await expect(settings.getByText('References', { exact: true })).toBeInViewport({ ratio: 1 });
    await expect(settings.getByRole('button', { name: 'Restore', exact: true })).toBeInViewport({ ratio: 1 });
    await page.setViewportSize({ width: 1440, height: 900 });
    const strength = settings.getByRole('slider', { name: 'Reference strength' });
    await strength.focus();
    await page.keyboard.press('Home');
    await expect(strength).toHaveAttribute('aria-valuenow', '0');
    await settings.getByRole('combobox', { name: 'References' }).click();
    await page.getByRole('option', { name: 'No reference' }).click();
    await settings.getByText('×2').click();
    await settings.getByRole('button', { name: 'Restore', exact: true }).click();
    await expect(page.getByText('You asked for none.')).toBeVisible({ timeout: 60_000 });
    await expect(inList(page, photo)).toHaveCount(3);
    const { width, height } = await decode(samplePhoto(photo));
    await expect(page.getByText(`${width * 2} × ${height * 2}`)).toBeVisible();
  });
});

test('a photo of nothing the galleries hold is restored without a reference, and told so', async ({
  page,
  server,
  app: _app,
}) => {
  const photo = 'evening-at-the-lake.jpg';
  await makeGallery(page, GALLERY);
  await openView(page, 'Restore');
  await addPhotos(page, [samplePhoto(photo)]);
  await waitUntilRestored(page, photo);
  const { decision, references, search } = recordOf(server.library, photo);
  expect([decision, references]).toEqual(['rejected', []]);
  const shown = page.getByRole('region', { name: 'References' });
  await expect(shown).toContainText('Restored without a reference');
  await expect(shown).toContainText(search!.best!.name);
  const [best, threshold] = [search!.best!.similarity, search!.threshold].map((value) => value.toFixed(2));
  await expect(shown).toContainText(`Similarity ${best}, needs ${threshold}`);
});

interface RecordRow {
  readonly decision: string;
  readonly references: { readonly name: string; readonly sha256: string; readonly similarity: number }[];
  readonly sameObject: { readonly sha256: string; readonly used: number; readonly overlap: number } | null;
  readonly search: {
    readonly best: { readonly name: string; readonly similarity: number } | null;
    readonly threshold: number;
  } | null;
}

/** The record of a photo's first job, as the library keeps it. */
function recordOf(library: string, photo: string): RecordRow {
  const jobs = rows<{ record: string; name: string }>(
    library,
    'SELECT record, photo.name FROM job JOIN photo ON photo.id = photo_id ORDER BY job.rowid',
  );
  return JSON.parse(jobs.find(({ name }) => name === photo)!.record) as RecordRow;
}

/** The picture with the divider at a place that arrow keys can reach, in per cent. */
async function at(page: Page, picture: Locator, divider: Locator, percent: number): Promise<Pixels> {
  await divider.focus();
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowLeft');
  for (let i = 0; i < percent / 5; i++) await page.keyboard.press('ArrowRight');
  await expect(divider).toHaveAttribute('aria-valuenow', String(percent));
  return pixelsOf(picture);
}
