import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { decode, difference } from './pixels.ts';
import {
  addReferences,
  dropOnWindow,
  makeGallery,
  openView,
  RESTORED_MS,
  SAMPLE_GALLERIES,
  samplePhoto,
  sampleReferences,
} from './steps.ts';

const everywhere = { left: 0, right: 1, top: 0, bottom: 1 };

test('the list of an import tells of every file, and is there again after a reload and a restart', async ({
  page,
  server,
  app: _app,
}, { outputDir }) => {
  await openView(page, 'Galleries');
  await page.getByRole('button', { name: 'New gallery' }).click();
  await page.getByLabel('Name').fill('Wings');
  await page.keyboard.press('Enter');
  const references = await sampleReferences('Butterfly wings');
  await mkdir(outputDir, { recursive: true });
  const bad = (name: string) => path.join(outputDir, name);
  const good = await readFile(references[0]!);
  await sharp(good).resize(120, 90).toFile(bad('tiny.jpg'));
  const small = await sharp(good).resize(64).toBuffer();
  await sharp(small).resize(1200, 900, { fit: 'fill' }).toFile(bad('soft.jpg'));
  await writeFile(bad('cut.jpg'), good.subarray(0, good.length / 3));
  await writeFile(bad('text.jpg'), 'no picture');
  await copyFile(references[1]!, bad('same again.jpg'));
  // The second portion of files comes once the first is seen in the list.
  const seen = Promise.withResolvers<void>();
  let uploads = 0;
  await page.route('**/photos?*', async (route) => {
    if (++uploads > 8) await seen.promise;
    await route.continue();
  });
  await addReferences(page, [
    ...references,
    ...['tiny.jpg', 'soft.jpg', 'cut.jpg', 'text.jpg', 'same again.jpg'].map(bad),
  ]);

  // It fills while the import runs.
  const region = page.getByRole('region', { name: 'Import' });
  await expect(region.getByRole('button', { name: /^Added [1-8]$/ })).toBeVisible({ timeout: RESTORED_MS });
  await expect(region.getByRole('status')).toHaveText(/Adding references, \d+ of 15/);
  seen.resolve();
  const told = async () => {
    await expect(region.getByRole('status')).toHaveText('10 added, 1 already there, 4 not added', {
      timeout: RESTORED_MS,
    });
    for (const [filter, words] of [
      ['Too small 1', 'tiny.jpg is too small for a reference (120 × 90 pixels).'],
      ['Too blurred 1', 'soft.jpg is too blurred for a reference'],
      ['Unreadable 2', 'cut.jpg is damaged or incomplete'],
      ['Already there 1', 'same again.jpg'],
    ] as const) {
      await region.getByRole('button', { name: filter }).click();
      await expect(region.getByRole('listitem').filter({ hasText: words })).toBeVisible();
    }
  };
  await told();
  await page.reload();
  await told();
  expect(
    rows(server.library, 'SELECT state, count(*) AS files FROM import_file GROUP BY state ORDER BY state'),
  ).toEqual([
    { state: 'added', files: 10 },
    { state: 'duplicate', files: 1 },
    { state: 'refused', files: 4 },
  ]);
  expect(rows(server.library, 'SELECT * FROM photo')).toEqual([]);
  await server.restart();
  await page.goto(server.url);
  await openView(page, 'Galleries');
  await page.getByRole('link', { name: /Wings/ }).click();
  await told();
  await region.getByRole('button', { name: 'Dismiss' }).click();
  await expect(region).toBeHidden();
  expect(rows(server.library, 'SELECT * FROM import')).toEqual([]);
});

test('a reload in the middle of an import loses nothing that was handed over, and tells what was not', async ({
  page,
  server,
  app: _app,
}) => {
  await openView(page, 'Galleries');
  await page.getByRole('button', { name: 'New gallery' }).click();
  await page.getByLabel('Name').fill('Everything');
  await page.keyboard.press('Enter');
  const files = (
    await Promise.all(['Butterfly wings', 'Girih tiles', 'Animal coats'].map(sampleReferences))
  ).flat();
  const region = page.getByRole('region', { name: 'Import' });
  // The third portion is held back until the window is gone.
  let uploads = 0;
  await page.route('**/photos?*', async (route) => {
    if (++uploads <= 16) await route.continue();
  });
  await addReferences(page, files);
  await expect(region.getByRole('button', { name: 'All 16' })).toBeVisible({ timeout: RESTORED_MS });
  await page.unroute('**/photos?*');
  await page.reload();
  await expect(region.getByText(`${files.length - 16} files did not arrive`)).toBeVisible();
  await expect(region.getByRole('status')).toHaveText('16 added', { timeout: RESTORED_MS });
  await addReferences(page, files);
  await expect(region.getByRole('status')).toHaveText(`${files.length - 16} added, 16 already there`, {
    timeout: RESTORED_MS,
  });
  expect(rows(server.library, 'SELECT * FROM reference')).toHaveLength(files.length);
});

test('a photo finds its reference, in words and with a number, in one gallery and in all', async ({
  page,
  app: _app,
}) => {
  await makeGallery(page, 'Butterfly wings');
  await makeGallery(page, 'Girih tiles');
  await page.getByRole('button', { name: 'Find by image' }).click();
  const dialog = page.getByRole('dialog', { name: 'Find by image' });
  await dropOnWindow(page, [samplePhoto('monarch-specimen.jpg')]);
  const matches = dialog.getByRole('list', { name: 'References most like it' }).getByRole('listitem');
  await expect(matches.first()).toContainText('monarch.jpg', { timeout: RESTORED_MS });
  await expect(matches.first()).toContainText(/(Probably the same object|Same kind|Weak likeness), 0\.\d\d/);
  await expect(matches).toHaveCount(20);
  await expect(matches.last()).toContainText(/, -?0\.\d\d/);
  await dialog.getByRole('combobox', { name: 'Look in' }).click();
  await page.getByRole('option', { name: 'Girih tiles' }).click();
  await expect(matches).toHaveCount(10);
  await expect(matches.filter({ hasText: 'in Girih tiles' })).toHaveCount(10);
  await dialog
    .getByLabel('Photo to look for')
    .setInputFiles(path.join(SAMPLE_GALLERIES, '..', '..', '..', 'README.md'));
  await expect(dialog.getByText('is not an image we can read')).toBeVisible();
  await dialog.getByLabel('Photo to look for').setInputFiles(samplePhoto('tile-panel-on-the-wall.jpg'));
  await expect(matches.first()).toContainText('in Girih tiles');
  await matches.first().getByRole('link').click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { level: 1, name: 'Girih tiles' })).toBeVisible();
});

test('statistics count, find near-duplicates by what they show, and lead to them', async ({
  page,
  server,
  app: _app,
}, { outputDir }) => {
  await makeGallery(page, 'Butterfly wings');
  await mkdir(outputDir, { recursive: true });
  const [first, second] = await sampleReferences('Butterfly wings');
  const smaller = path.join(outputDir, 'smaller.jpg');
  const brighter = path.join(outputDir, 'recompressed.webp');
  await sharp(first).resize(500).jpeg({ quality: 70 }).toFile(smaller);
  await sharp(second).webp({ quality: 60 }).toFile(brighter);
  await addReferences(page, [smaller, brighter]);
  await expect(page.getByRole('status').filter({ hasText: '2 added' })).toBeVisible({ timeout: RESTORED_MS });

  await page.getByRole('button', { name: 'More for Butterfly wings' }).click();
  await page.getByRole('menuitem', { name: 'Statistics' }).click();
  const dialog = page.getByRole('dialog', { name: 'Statistics of “Butterfly wings”' });
  await expect(dialog).toContainText('12 references');
  const pixels = rows<{ sum: number }>(
    server.library,
    'SELECT sum(width * height) / 1e6 AS sum FROM reference JOIN image USING (sha256)',
  )[0]!.sum;
  await expect(dialog).toContainText(`${pixels.toFixed(1)} megapixels`);
  await expect(dialog.getByText('Longer side in pixels')).toBeVisible();
  await expect(dialog).toContainText(/\d+% of the references have another of the same kind/);
  await expect(dialog).toContainText('2 groups of references show the same picture.', {
    timeout: RESTORED_MS,
  });
  await dialog.getByRole('button', { name: 'Look at them' }).click();
  const cells = page.getByRole('grid', { name: 'References' }).getByRole('gridcell');
  await expect(cells).toHaveCount(4);
  await page.getByRole('button', { name: 'Select all but the best of each' }).click();
  const selected = page.getByRole('gridcell', { selected: true });
  await expect(selected).toHaveCount(2);
  await expect(selected.filter({ hasText: 'smaller.jpg' })).toHaveCount(1);
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(cells).toHaveCount(2);
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(cells).toHaveCount(10);
});

test('a gallery travels as one file; a damaged one is refused and leaves nothing', async ({
  page,
  server,
  app: _app,
}, { outputDir }) => {
  await makeGallery(page, 'Girih tiles');
  await openView(page, 'Galleries');
  await page.getByRole('button', { name: 'More for Girih tiles' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export to a file' }).click();
  const exported = await download;
  expect(exported.suggestedFilename()).toBe('Girih tiles.rasr-gallery');
  const file = path.join(outputDir, 'Girih tiles.rasr-gallery');
  await exported.saveAs(file);
  expect((await stat(file)).size).toBeGreaterThan(500_000);

  const before = rows<{ sha256: string; name: string }>(
    server.library,
    'SELECT sha256, name FROM reference ORDER BY id',
  );
  const proxyOf = (sha256: string) =>
    path.join(server.library, 'proxies', sha256.slice(0, 2), `${sha256}.jpg`);
  const picture = await decode(proxyOf(before[0]!.sha256));
  await page.getByRole('button', { name: 'More for Girih tiles' }).click();
  await page.getByRole('menuitem', { name: 'Remove gallery' }).click();
  await expect(page.getByText('No galleries yet')).toBeVisible();

  await page.getByLabel('Gallery file').setInputFiles(file);
  await expect(page.getByRole('link', { name: /Girih tiles 10 references/ })).toBeVisible({
    timeout: RESTORED_MS,
  });
  expect(rows(server.library, 'SELECT sha256, name FROM reference ORDER BY id')).toEqual(before);
  expect(difference(picture, await decode(proxyOf(before[0]!.sha256)), everywhere)).toBe(0);

  const half = path.join(outputDir, 'half.rasr-gallery');
  const bytes = await readFile(file);
  await writeFile(half, bytes.subarray(0, bytes.length / 2));
  await page.getByLabel('Gallery file').setInputFiles(half);
  await expect(page.getByRole('alert').filter({ hasText: 'half.rasr-gallery is damaged' })).toBeVisible();
  const text = path.join(outputDir, 'text.rasr-gallery');
  await writeFile(text, 'rubbish'.repeat(1000));
  await page.getByLabel('Gallery file').setInputFiles(text);
  await expect(
    page.getByRole('alert').filter({ hasText: 'text.rasr-gallery is no gallery that RASR exported' }),
  ).toBeVisible();
  expect(rows(server.library, 'SELECT * FROM gallery')).toHaveLength(1);
});
