import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import sharp, { type Sharp } from 'sharp';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { crop, decode, difference, meanColour, pixelsOf, type Region } from './pixels.ts';
import {
  addPhotos,
  inList,
  makeGallery,
  openView,
  restoredFile,
  samplePhoto,
  sharpEverywhere,
  waitUntilRestored,
} from './steps.ts';

const PHOTO = 'monarch-specimen.jpg';
const ALL: Region = { left: 0.02, right: 0.98, top: 0.15, bottom: 0.95 };

/** Middle of the frame, where no label is. */
const MIDDLE: Region = { left: 0.45, right: 0.55, top: 0.4, bottom: 0.55 };
const EDGE: Region = { left: 0.02, right: 0.15, top: 0.4, bottom: 0.9 };

test('before and after side by side, through a lens, and how they differ', async ({
  page,
  server,
  app: _app,
}) => {
  await page.getByText('×2', { exact: true }).click();
  await addPhotos(page, [samplePhoto(PHOTO)]);
  await waitUntilRestored(page, PHOTO);
  const picture = page.getByTestId('picture');
  await page.keyboard.press('1');
  await sharpEverywhere(picture);
  const result = await decode(restoredFile(server.library, PHOTO));

  await test.step('side by side both show the same place, and move together', async () => {
    await page.keyboard.press('c');
    await expect(page.getByRole('button', { name: 'Side by side' })).toHaveAttribute('aria-pressed', 'true');
    const [before, after] = [page.getByTestId('pane-before'), page.getByTestId('pane-after')];
    await sharpEverywhere(picture);
    const box = (await after.boundingBox())!;
    const seen = await pixelsOf(after);
    const left = Math.floor((result.width - seen.width) / 2);
    const top = Math.floor((result.height - seen.height) / 2);
    expect(difference(seen, crop(result, left, top, seen.width, seen.height), ALL)).toBe(0);
    expect(difference(await pixelsOf(before), seen, ALL)).toBeGreaterThan(0.5);
    expect(difference(await pixelsOf(before), seen, ALL)).toBeLessThan(15);

    // Dragging the left one moves the right one.
    const other = (await before.boundingBox())!;
    await page.mouse.move(other.x + 200, other.y + 200);
    await page.mouse.down();
    await page.mouse.move(other.x + 170, other.y + 200, { steps: 5 });
    await page.mouse.up();
    await sharpEverywhere(picture);
    const moved = crop(result, left + 30, top, seen.width, seen.height);
    expect(difference(await pixelsOf(after), moved, ALL)).toBe(0);

    // And so do the keys: a twentieth of the pane, back again.
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowRight');
    await sharpEverywhere(picture);
    expect(difference(await pixelsOf(after), moved, ALL)).toBe(0);
    expect((await after.boundingBox())!.width).toBe(box.width);
  });

  await test.step('the lens shows before where it is, and after everywhere else', async () => {
    await page.keyboard.press('0');
    await page.keyboard.press('c');
    await sharpEverywhere(picture);
    await expect(page.getByTestId('lens')).toBeVisible();
    const box = (await picture.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const lens = await pixelsOf(picture);
    await page.keyboard.down('Space');
    const before = await pixelsOf(picture);
    await page.keyboard.up('Space');
    await page.mouse.move(box.x + box.width * 0.98, box.y + 4);
    const after = await pixelsOf(picture);
    expect(difference(lens, before, MIDDLE)).toBe(0);
    expect(difference(lens, after, MIDDLE)).toBeGreaterThan(1);
    expect(difference(lens, after, EDGE)).toBe(0);
    // By keys alone: to the left edge, where the lens then is.
    for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowLeft');
    for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowDown');
    const moved = await pixelsOf(picture);
    const corner = { left: 0.01, right: 0.08, top: 0.55, bottom: 0.6 };
    expect(difference(moved, before, corner)).toBe(0);
    expect(difference(moved, after, MIDDLE)).toBe(0);
  });

  await test.step('the difference is dark where nothing changed, and told with a scale', async () => {
    await page.keyboard.press('h');
    await expect(page.getByTestId('difference-legend')).toContainText('64 of 255 or more');
    await sharpEverywhere(picture);
    const box = (await picture.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.98, box.y + 4);
    const map = await pixelsOf(picture);
    const [red, green, blue] = meanColour(map, EDGE);
    expect(red + green + blue).toBeLessThan(120);
    const values = [...map.data];
    expect(values.reduce((largest, value) => Math.max(largest, value), 0)).toBeGreaterThan(150);
    await page.keyboard.press('h');
    await expect(page.getByTestId('difference-legend')).toBeHidden();
  });

  await test.step('the way stays for the next photo, and after a reload', async () => {
    await page.reload();
    await expect(page.getByRole('button', { name: 'Lens' })).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByTestId('lens')).toBeVisible();
  });

  await test.step('the keys are told, and do nothing while they are', async () => {
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await expect(help).toContainText('Show before, while held');
    await page.keyboard.press('h');
    await expect(page.getByTestId('difference-legend')).toBeHidden();
    await page.keyboard.press('Escape');
    await expect(help).toBeHidden();
  });
});

test('what is seen of before and after is saved as one picture', async ({ page, server, app: _app }) => {
  await page.getByText('×2', { exact: true }).click();
  await addPhotos(page, [samplePhoto(PHOTO)]);
  await waitUntilRestored(page, PHOTO);
  const picture = page.getByTestId('picture');
  const { width, height } = await decode(restoredFile(server.library, PHOTO));

  const whole = await shared(page, () => page.keyboard.press('e'));
  expect(whole.name).toBe('monarch-specimen-before-after.jpg');
  expect(whole.pixels.height).toBe(height);
  expect(whole.pixels.width).toBeGreaterThan(2 * width);
  const metadata = await sharp(whole.file).metadata();
  expect(metadata.xmp?.toString()).toContain('compositeWithTrainedAlgorithmicMedia');

  await page.keyboard.press('1');
  await sharpEverywhere(picture);
  for (let i = 0; i < 3; i++) await page.keyboard.press('+');
  const part = await shared(page, () => page.getByRole('button', { name: 'Save before and after' }).click());
  expect(part.pixels.height).toBeLessThan(height);
  // The right half is the result, cut from where the window looks: the middle.
  const seen = part.pixels.width > 2 * part.pixels.height ? 'above each other' : 'beside each other';
  expect(seen).toBe('beside each other');
});

test('the reference is shown beside the place that is looked at', async ({ page, app: _app }) => {
  await makeGallery(page, 'Butterfly wings');
  await openView(page, 'Restore');
  await addPhotos(page, [samplePhoto(PHOTO)]);
  await waitUntilRestored(page, PHOTO);
  const picture = page.getByTestId('picture');
  await sharpEverywhere(picture);
  await page.keyboard.press('f');
  const beside = page.getByTestId('reference-beside');
  await expect(beside).toContainText('monarch.jpg');
  await expect(beside.getByRole('img')).not.toHaveJSProperty('naturalWidth', 0);

  // The reference's colours are not the photo's, but its lines lie where the result's do.
  const box = (await picture.boundingBox())!;
  const windowOf = beside.locator('div').first();
  for (const [x, y] of [
    [0.42, 0.5],
    [0.62, 0.42],
  ] as const) {
    await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
    const reference = await greyMiddle(windowOf);
    const result = await resultAround(page, picture, box.width * x, box.height * y);
    expect(correlation(reference, result)).toBeGreaterThan(0.6);
    const elsewhere = await resultAround(page, picture, box.width * (x + 0.08), box.height * y);
    expect(correlation(reference, elsewhere)).toBeLessThan(0.5);
  }

  await page.mouse.move(box.x + 3, box.y + box.height - 3);
  await expect(beside).toContainText('The reference does not reach here');
});

test('a photo that is gone, and one that is damaged later, are told where they are looked at', async ({
  page,
  server,
  app: _app,
}, { outputDir }) => {
  await mkdir(outputDir, { recursive: true });
  const file = path.join(outputDir, 'small.png');
  await sharp(samplePhoto(PHOTO)).resize(120).png().toFile(file);
  await page.getByText('×2', { exact: true }).click();
  await addPhotos(page, [file]);
  await waitUntilRestored(page, 'small.png');
  await sharpEverywhere(page.getByTestId('picture'));
  await rm(path.join(server.library, 'previews', 'pyramids'), { recursive: true });
  await rm(restoredFile(server.library, 'small.png'));
  await page.reload();
  await inList(page, 'small.png').click();
  const alert = page.getByTestId('picture').getByRole('alert').first();
  await expect(alert).toContainText('small-restored.png');
  await expect(alert).not.toContainText(server.library);
  expect(rows(server.library, 'SELECT * FROM job')).toHaveLength(1);
});

/** Saves before and after as `ask` does. */
async function shared(page: Page, ask: () => Promise<void>) {
  const [download] = await Promise.all([page.waitForEvent('download'), ask()]);
  const file = await download.path();
  return { name: download.suggestedFilename(), file, pixels: await decode(file) };
}

/** Sides of what is compared around a point, in pixels. */
const AROUND = 200;

/** The middle of what an element shows. */
async function greyMiddle(element: Locator): Promise<Uint8Array> {
  const shown = sharp(await element.screenshot());
  const { width, height } = await shown.metadata();
  return greyPart(shown, Math.round(width / 2), Math.round(height / 2));
}

function greyPart(picture: Sharp, x: number, y: number): Promise<Uint8Array> {
  return picture
    .extract({ left: x - AROUND / 2, top: y - AROUND / 2, width: AROUND, height: AROUND })
    .toColourspace('b-w')
    .removeAlpha()
    .raw()
    .toBuffer();
}

/** The result around a point of the frame, as the window beside shows the reference; the rest is hidden meanwhile. */
async function resultAround(page: Page, picture: Locator, x: number, y: number): Promise<Uint8Array> {
  await page.keyboard.press('f');
  const divider = page.getByRole('slider', { name: 'Divider between before and after' });
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowLeft');
  await expect(divider).toHaveAttribute('aria-valuenow', '0');
  const seen = await picture.screenshot();
  await page.keyboard.press('f');
  return greyPart(sharp(seen), Math.round(x), Math.round(y));
}

function correlation(a: Uint8Array, b: Uint8Array): number {
  const mean = (values: Uint8Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [da, db] = [a[i]! - meanA, b[i]! - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return ab / Math.sqrt(aa * bb);
}
