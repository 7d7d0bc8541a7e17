import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { type ReportEntry, writeReport } from '../../src/cli/report/report.ts';
import type { RestorationRecord } from '../../src/core/restoration/record.ts';
import { expect, test } from './fixtures.ts';
import { meanColour, pixelsOf, type Region } from './pixels.ts';

const [WIDTH, HEIGHT] = [320, 240];
/** Off the labels above, the round handle in the middle, and the border of the weight map at three quarters. */
const ROWS = { top: 0.7, bottom: 0.95 };
const LEFT: Region = { left: 0.05, right: 0.45, ...ROWS };
const USED: Region = { left: 0.55, right: 0.7, ...ROWS };
const NOT_USED: Region = { left: 0.8, right: 0.95, ...ROWS };

test('the report compares with and without a reference, and shows where it was used', async ({
  page,
}, info) => {
  const file = path.join(info.outputDir, 'report.html');
  await writeReport(file, await entries(info.outputDir), 'RASR');
  await page.goto(pathToFileURL(file).href);
  await expect(page.getByText('60 % of the picture comes from Gallery / reference.jpg')).toContainText(
    'covers 75 % of it',
  );
  const picture = page.locator('.compare').first();
  const shown = async (region: Region) => meanColour(await pixelsOf(picture), region);

  const [red, , redBlue] = await shown(LEFT);
  expect(red).toBeGreaterThan(redBlue + 100);
  await page.getByRole('radio', { name: 'No reference' }).check();
  const [blueRed, , blue] = await shown(LEFT);
  expect(blue).toBeGreaterThan(blueRed + 100);
  await expect(picture.getByText('Before')).toBeHidden();
  await expect(picture.getByText('No reference')).toBeVisible();

  const [plainRed, plainGreen] = await shown(USED);
  expect(plainGreen).toBeGreaterThan(plainRed + 100);
  await page.getByRole('checkbox').check();
  const [tintRed, , tintBlue] = await shown(USED);
  expect(tintBlue).toBeGreaterThan(tintRed + 40);
  const rest = await shown(NOT_USED);
  expect(Math.max(...rest) - Math.min(...rest)).toBeLessThan(4);
});

test('the report offers no choice where there is none', async ({ page }, info) => {
  const file = path.join(info.outputDir, 'report.html');
  const [entry] = await entries(info.outputDir);
  const { output, record } = entry!.restoration;
  const kind = { output, record: { ...record, sameObject: null } };
  await writeReport(file, [{ ...entry!, restoration: kind, without: null }], 'RASR');
  await page.goto(pathToFileURL(file).href);
  await expect(page.getByText('with Gallery / reference.jpg, same kind, similarity 0.90')).toBeVisible();
  await expect(page.getByRole('radio')).toHaveCount(0);
  await expect(page.getByRole('checkbox')).toHaveCount(0);
});

/** One photo in red, restored in green, without a reference in blue; three quarters came from the reference. */
async function entries(folder: string): Promise<ReportEntry[]> {
  await mkdir(folder, { recursive: true });
  const plain = async (name: string, background: string) => {
    const file = path.join(folder, name);
    await sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background } }).toFile(file);
    return file;
  };
  const weights = Uint8Array.from({ length: 32 * 24 }, (_, i) => (i % 32 < 24 ? 255 : 0));
  const weightMap = await sharp(weights, { raw: { width: 32, height: 24, channels: 1 } })
    .png()
    .toBuffer();
  const reference = {
    gallery: 'Gallery',
    name: 'reference.jpg',
    sha256: 'a'.repeat(64),
    similarity: 0.9,
    closeness: 'same kind',
  } as const;
  const model = { id: 'model', version: '1.0.0', hash: 'one' };
  const record: RestorationRecord = {
    schemaVersion: 1,
    tool: 'RASR',
    createdAt: '2026-01-01T00:00:00.000Z',
    photo: { name: 'photo.jpg', sha256: 'b'.repeat(64), width: WIDTH / 4, height: HEIGHT / 4 },
    output: { name: 'green.png', width: WIDTH, height: HEIGHT },
    scale: 4,
    decision: 'found',
    references: [reference],
    sameObject: {
      sha256: reference.sha256,
      fusion: model,
      overlap: 0.75,
      used: 0.6,
      inliers: 100,
      correlation: 0.9,
      weightMap: weightMap.toString('base64'),
    },
    referenceStrength: 1,
    detail: null,
    search: { best: reference, threshold: 0.5 },
    generator: model,
    retriever: model,
    device: 'CPU',
    tiles: 1,
    fidelity: 30,
    seconds: 1,
  };
  return [
    {
      photo: await plain('photo.jpg', '#e02020'),
      restoration: { output: await plain('green.png', '#20c020'), record },
      without: { output: await plain('blue.png', '#2020e0'), record },
      references: [await plain('reference.jpg', '#808080')],
    },
  ];
}
