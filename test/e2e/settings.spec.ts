import { readFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { writeKnownGenerator } from '../support/known-generator.ts';
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
  // The preset's name does not push what adds photos into a second row.
  for (const [width, height] of [
    [1440, 900],
    [1024, 700],
  ] as const) {
    await other.setViewportSize({ width, height });
    const toolbar = other.getByRole('toolbar', { name: 'Settings for the next photos' });
    await expect(toolbar.getByRole('button', { name: 'Add photos' })).toBeVisible();
    expect((await toolbar.boundingBox())!.height).toBeLessThan(60);
  }
  await other.context().close();

  await page.getByRole('button', { name: 'Presets' }).click();
  await page.getByRole('button', { name: 'Delete preset For the web' }).click();
  await expect(page.getByText('Save these settings under a name')).toBeVisible();
  expect(rows(server.library, "SELECT value FROM setting WHERE key = 'presets'")).toEqual([{ value: '[]' }]);
});

test('how much detail is invented is offered where the generator can be told, and it does as it is told', async ({
  page,
  server,
  app: _app,
}, { outputDir }) => {
  const [photo] = await writeSmallPhotos(outputDir, 1);
  const detail = page.getByRole('button', { name: /^Detail:/ });
  await expect(page.getByRole('button', { name: /^Output/ })).toBeVisible();
  const embedded = await readFile(path.join('resources', 'models', 'rasrnet-small', 'manifest.json'), 'utf8');
  const { detail: told } = JSON.parse(embedded) as { detail: { default: number } };
  await expect(detail).toHaveAccessibleName(`Detail: ${Math.round(100 * told.default)} %`);

  await server.stop();
  await writeKnownGenerator(path.join(server.library, 'models', 'known'), 'none', 0.25);
  const library = new Database(path.join(server.library, 'library.db'));
  library.prepare("INSERT OR REPLACE INTO setting VALUES ('generator', 'known-generator')").run();
  library.close();
  await server.restart();
  await page.goto(server.url);
  await expect(detail).toHaveAccessibleName('Detail: 25 %');
  const restore = async (count: number) => {
    await addPhotos(page, [photo!]);
    await expect(page.getByTestId('batch')).toHaveText(`${count} restored`, { timeout: 60_000 });
    const job = rows<{ output: string; record: string }>(server.library, 'SELECT output, record FROM job').at(
      -1,
    )!;
    return { ...job, detail: (JSON.parse(job.record) as { detail: number }).detail };
  };
  const first = await restore(1);
  await detail.click();
  await page.getByRole('slider', { name: 'Detail' }).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Escape');
  await expect(detail).toHaveAccessibleName('Detail: 100 %');
  const second = await restore(2);
  expect([first.detail, second.detail]).toEqual([0.25, 1]);
  // The checkerboard that this generator adds is four times as high.
  const heights = [];
  for (const { output } of [first, second]) {
    const { data } = await decode(output);
    heights.push(
      Math.max(...data.filter((_, i) => i % 3 === 0)) - Math.min(...data.filter((_, i) => i % 3 === 0)),
    );
  }
  expect(heights[1]! / heights[0]!).toBeGreaterThan(3);
});
