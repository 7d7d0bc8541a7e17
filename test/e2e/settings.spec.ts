import path from 'node:path';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { decode } from './pixels.ts';
import { writeSmallPhotos } from './small-photos.ts';
import { addPhotos, waitUntilRestored } from './steps.ts';

test('a name template tells by example what comes of it, and a preset brings it to another browser', async ({
  page,
  server,
  app: _app,
  browser,
}, { outputDir }) => {
  const [photo] = await writeSmallPhotos(outputDir, 1);
  const output = page.getByRole('button', { name: /^Output/ });
  await expect(output).toHaveText('IMG_2041-restored.jpg');
  await page.getByText('×2', { exact: true }).click();
  await output.click();
  await page.getByRole('combobox', { name: 'Format' }).click();
  await page.getByRole('option', { name: 'WebP' }).click();
  const template = page.getByLabel('Name of restored photos');
  await template.fill('web {nme}');
  await expect(page.getByText('{nme} stands for nothing')).toBeVisible();
  await template.fill('web ');
  await page.getByRole('button', { name: 'Photo’s name' }).click();
  await expect(template).toHaveValue('web {name}');
  await expect(page.getByTestId('example-name')).toHaveText('Example: web IMG_2041.webp');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Presets' }).click();
  await page.getByLabel('Name of the preset').fill('For the web');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Delete preset For the web' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Name of the preset')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Presets: For the web' })).toBeVisible();
  await page.getByText('×4', { exact: true }).click();
  await expect(page.getByRole('button', { name: 'Presets', exact: true })).toBeVisible();
  const [setting] = rows<{ value: string }>(
    server.library,
    "SELECT value FROM setting WHERE key = 'presets'",
  );
  expect(JSON.parse(setting!.value)).toMatchObject([
    {
      name: 'For the web',
      settings: {
        gallery: 'find',
        scale: 2,
        referenceStrength: 1,
        format: 'webp',
        nameTemplate: 'web {name}',
      },
    },
  ]);

  const other = await (await browser.newContext()).newPage();
  await other.goto(server.url);
  await other.getByRole('button', { name: 'Presets' }).click();
  await other.getByRole('button', { name: 'For the web', exact: true }).click();
  await expect(other.getByRole('radio', { name: '×2' })).toBeChecked();
  await addPhotos(other, [photo!]);
  await waitUntilRestored(other, path.basename(photo!));
  // The first window lists it too: its state is the engine's.
  await waitUntilRestored(page, path.basename(photo!));
  const [job] = rows<{ output: string }>(server.library, 'SELECT output FROM job');
  expect(path.basename(job!.output)).toBe('web small-01.webp');
  expect((await decode(job!.output)).width).toBe(96);
  await other.context().close();

  await page.getByRole('button', { name: 'Presets' }).click();
  await page.getByRole('button', { name: 'Delete preset For the web' }).click();
  await expect(page.getByText('Save these settings under a name')).toBeVisible();
  expect(rows(server.library, "SELECT value FROM setting WHERE key = 'presets'")).toEqual([{ value: '[]' }]);
});
