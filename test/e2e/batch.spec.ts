import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { decode } from './pixels.ts';
import {
  addPhotos,
  dropOnWindow,
  inList,
  openView,
  restoredFile,
  samplePhoto,
  waitUntilRestored,
} from './steps.ts';

test('one bad file among good ones is named with a remedy, the good ones are restored', async ({
  page,
  server,
  app: _app,
}, { outputDir }) => {
  const folder = path.join(outputDir, 'Фото 50 % 🐯');
  await mkdir(path.join(folder, 'deeper'), { recursive: true });
  await cp(samplePhoto('monarch-specimen.jpg'), path.join(folder, 'monarch.jpg'));
  await cp(samplePhoto('tiger-in-the-shade.jpg'), path.join(folder, 'deeper', 'тигр 1.jpg'));
  await writeFile(path.join(folder, 'notes.jpg'), 'This is no picture.\n');
  await writeFile(path.join(folder, 'readme.txt'), 'Not a photo by its name, so it is left out.\n');

  await expect(page.getByRole('heading', { level: 1 })).toContainText('Restore poor photos');
  await dropOnWindow(page, [folder]);
  const alert = page.getByRole('alert').filter({ hasText: 'One file was not added' });
  await expect(alert).toContainText('notes.jpg');
  await expect(alert).toContainText('Use one of jpeg, png');
  await expect(alert).not.toContainText('readme.txt');

  for (const photo of ['monarch.jpg', 'тигр 1.jpg']) {
    await waitUntilRestored(page, photo);
    const { width } = await decode(restoredFile(server.library, photo));
    expect(width).toBeGreaterThan(1000);
  }
  await expect(page.getByText('2 restored')).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(alert).toHaveCount(0);
  expect(rows(server.library, 'SELECT * FROM photo')).toHaveLength(2);
});

test('a reload shows the same list; cancelled jobs can be tried again and removed', async ({
  page,
  server,
  app: _app,
}) => {
  const [first, second, third] = [
    'courtyard-tiles.jpg',
    'monarch-specimen.jpg',
    'tiger-in-the-shade.jpg',
  ] as const;
  await page.getByText('×1', { exact: true }).click();
  await addPhotos(page, [first, second, third].map(samplePhoto));
  await inList(page, third).hover();
  await page.getByRole('button', { name: `Cancel ${third}` }).click();
  await expect(inList(page, third, 'Cancelled')).toBeVisible();
  await waitUntilRestored(page, first);
  await waitUntilRestored(page, second);

  const labels = page.getByRole('region', { name: 'Photos' }).locator('[data-job]');
  const list = async () =>
    Promise.all((await labels.all()).map((button) => button.getAttribute('aria-label')));
  const shown = await list();
  expect(shown).toEqual([`${first}: Restored`, `${second}: Restored`, `${third}: Cancelled`]);
  await inList(page, second).click();
  await page.reload();
  await expect(labels).toHaveCount(3);
  expect(await list()).toEqual(shown);
  await expect(inList(page, second)).toHaveAttribute('aria-current', 'true');
  await expect(page.getByRole('radio', { name: '×1' })).toBeChecked();

  await inList(page, third).click();
  await page.getByRole('button', { name: 'Try again' }).click();
  await waitUntilRestored(page, third);
  await inList(page, first).hover();
  await page.getByRole('button', { name: `Remove ${first}` }).click();
  await expect(labels).toHaveCount(2);
  expect(rows(server.library, 'SELECT * FROM job')).toHaveLength(2);
  await openView(page, 'Models');
  await page.getByRole('button', { name: 'Verify' }).first().click();
  await expect(page.getByText('Intact')).toBeVisible();
});
