import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { filesBelow } from '../support/snapshot-of-files.ts';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { writeSmallPhotos } from './small-photos.ts';
import { addPhotos, inList, openView, samplePhoto, waitUntilRestored } from './steps.ts';

test('devices are measured, and the choice is kept', async ({ page, server, app: _app }) => {
  await openView(page, 'Settings');
  const devices = page.getByRole('region', { name: 'Device' });
  const cpu = devices.getByRole('radio', { name: /CPU/ });
  await expect(cpu).toBeChecked();
  await expect(devices).toContainText('Not measured yet');
  await devices.getByRole('button', { name: 'Measure' }).click();
  await expect(devices).toContainText(/\d s for a small picture/, { timeout: 120_000 });
  await expect(devices.getByText('Not measured yet')).toHaveCount(0, { timeout: 120_000 });
  const [stored] = rows<{ value: string }>(
    server.library,
    "SELECT value FROM setting WHERE key = 'device-measurements'",
  );
  const measured = JSON.parse(stored!.value) as { provider: string; outcome: { kind: string } }[];
  expect(measured.find(({ provider }) => provider === 'cpu')!.outcome.kind).toBe('measured');
  // Here as there: what does not work cannot be chosen.
  for (const { provider, outcome } of measured) {
    const radio = devices.locator(`input[value="${provider}"]`);
    if (outcome.kind === 'measured') await expect(radio).toBeEnabled();
    else await expect(radio).toBeDisabled();
  }
  await page.reload();
  await expect(devices).toContainText(/\d s for a small picture/);
});

test('measuring waits for the photo at work', async ({ page, app: _app }) => {
  await addPhotos(page, [samplePhoto('leopard-behind-glass.jpg')]);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await openView(page, 'Settings');
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'A photo is being restored.' })).toBeVisible();
});

test('the cache is measured and cleared, and results stay', async ({ page, server, app: _app }, {
  outputDir,
}) => {
  const [photo] = await writeSmallPhotos(outputDir, 1);
  await addPhotos(page, [photo!]);
  await waitUntilRestored(page, path.basename(photo!));
  await expect(page.getByRole('group', { name: 'Before and after' })).toBeVisible();
  const previews = path.join(server.library, 'previews');
  await expect.poll(async () => (await filesBelow(previews)).length).toBeGreaterThan(1);
  await openView(page, 'Settings');
  const size = page.getByTestId('cache-size');
  await expect(size).not.toHaveText('0 kB');
  await page.getByRole('button', { name: 'Clear the cache' }).click();
  await expect(page.getByText('The cache is empty.')).toBeVisible();
  await expect(size).toHaveText('0 kB');
  expect(await filesBelow(previews)).toEqual([]);
  const [job] = rows<{ output: string }>(server.library, 'SELECT output FROM job');
  expect((await stat(job!.output)).size).toBeGreaterThan(0);
  // It is made again when it is looked at; the page has its own copy still.
  const [{ id }] = rows<{ id: string }>(server.library, 'SELECT id FROM job') as [{ id: string }];
  expect((await page.request.get(`${server.origin}/pictures/result-thumbnail/${id}`)).status()).toBe(200);
  expect(await filesBelow(previews)).toHaveLength(1);
});

test('another library is opened and left again, and a folder that cannot be one changes nothing', async ({
  page,
  server,
  app: _app,
}, { outputDir }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'rasr-e2e-other-'));
  const other = path.join(folder, 'тигры 100% 🐅', 'library');
  const file = path.join(folder, 'no folder');
  await writeFile(file, '');
  const openLibrary = async (wanted: string) => {
    await openView(page, 'Settings');
    await page.getByRole('button', { name: 'Open another library…' }).click();
    await page.getByLabel('Folder of the other library').fill(wanted);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
  };
  const shown = page.getByTestId('library-folder');
  const [photo] = await writeSmallPhotos(outputDir, 1);
  const name = path.basename(photo!);
  try {
    await addPhotos(page, [photo!]);
    await waitUntilRestored(page, name);

    await openLibrary(file);
    await expect(page.getByRole('dialog')).toContainText('no folder');
    await expect(page.getByRole('dialog')).toContainText('Choose another');
    await page.keyboard.press('Escape');
    await expect(shown).toHaveText(server.library);

    await openLibrary(other);
    await expect(shown).toHaveText(other, { timeout: 60_000 });
    expect(rows(other, 'SELECT * FROM job')).toEqual([]);
    await openView(page, 'Restore');
    await expect(page.getByRole('button', { name: 'Choose photos…' })).toBeVisible();

    await openLibrary(server.library);
    await expect(shown).toHaveText(server.library, { timeout: 60_000 });
    await openView(page, 'Restore');
    await expect(inList(page, name, 'Restored')).toBeVisible();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
