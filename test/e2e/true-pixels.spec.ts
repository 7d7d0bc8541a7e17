import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { crop, decode, difference } from './pixels.ts';
import { addPhotos, restoredFile, samplePhoto, sharpEverywhere, waitUntilRestored } from './steps.ts';

const PHOTO = 'monarch-specimen.jpg';

const deviceScaleFactor = 2;

test('at 100 % one pixel of the result is one pixel of a screen that has two for each of CSS', async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({
    deviceScaleFactor,
    viewport: { width: 1100, height: 760 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(server.url);
  await addPhotos(page, [samplePhoto(PHOTO)]);
  await waitUntilRestored(page, PHOTO);
  const picture = page.getByTestId('picture');
  await page.keyboard.press('1');
  await page.getByRole('slider', { name: 'Divider between before and after' }).focus();
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowLeft');
  await sharpEverywhere(picture);
  const file = await decode(restoredFile(server.library, PHOTO));
  expect(await smallestDifference(page, file)).toBe(0);
  await context.close();
});

/** A part of the screen over the picture, against the file at the place it must come from, give or take a pixel. */
async function smallestDifference(page: Page, file: Awaited<ReturnType<typeof decode>>): Promise<number> {
  const screen = await decode(await page.screenshot({ scale: 'device' }));
  const ratio = await page.evaluate<number>('devicePixelRatio');
  const box = (await page.getByTestId('picture').boundingBox())!;
  const [width, height] = [200, 120];
  const [left, top] = [Math.round((box.x + 40) * ratio), Math.round((box.y + 200) * ratio)];
  const seen = crop(screen, left, top, width, height);
  const shown = { width: Math.round(box.width * ratio), height: Math.round(box.height * ratio) };
  const start = {
    x: Math.floor((file.width - shown.width) / 2) + left - Math.round(box.x * ratio),
    y: Math.floor((file.height - shown.height) / 2) + top - Math.round(box.y * ratio),
  };
  const whole = { left: 0, right: 1, top: 0, bottom: 1 };
  // Where the frame begins is told in fractions of a pixel: it may be one further. A resampled picture fits nowhere.
  const shifts = [-1, 0, 1].flatMap((right) => [-1, 0, 1].map((down) => [right, down] as const));
  return Math.min(
    ...shifts.map(([right, down]) =>
      difference(seen, crop(file, start.x + right, start.y + down, width, height), whole),
    ),
  );
}
