import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import {
  addReferences,
  dropOnWindow,
  makeGallery,
  openView,
  SAMPLE_GALLERIES,
  sampleReferences,
} from './steps.ts';

test('a gallery is made, filled, and knows duplicates', async ({ page, server, app: _app }) => {
  await makeGallery(page, 'Girih tiles');
  const references = page.getByRole('list', { name: 'References' }).getByRole('listitem');
  await expect(references).toHaveCount(10);
  await expect(references.first().getByRole('presentation')).toHaveJSProperty('naturalWidth', 384);

  await addReferences(page, await sampleReferences('Girih tiles'));
  await expect(page.getByRole('status').filter({ hasText: '10 already there' })).toBeVisible();
  await expect(references).toHaveCount(10);
  expect(rows(server.library, 'SELECT * FROM reference')).toHaveLength(10);

  await openView(page, 'Galleries');
  await expect(page.getByRole('link', { name: 'Girih tiles 10 references' })).toBeVisible();
});

test('a dropped folder fills a gallery; a removed reference is gone from the disk too', async ({
  page,
  server,
  app: _app,
}) => {
  await openView(page, 'Galleries');
  await page.getByRole('button', { name: 'New gallery' }).click();
  await page.getByLabel('Name').fill('Wings');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Wings' })).toBeVisible();
  await dropOnWindow(page, [path.join(SAMPLE_GALLERIES, 'Butterfly wings')]);
  const references = page.getByRole('list', { name: 'References' }).getByRole('listitem');
  await expect(references).toHaveCount(10, { timeout: 60_000 });

  await page.getByRole('button', { name: 'Remove monarch.jpg' }).click();
  await expect(references).toHaveCount(9);
  const images = rows<{ sha256: string }>(server.library, 'SELECT sha256 FROM image');
  expect(images).toHaveLength(9);
  const proxies = await readdir(path.join(server.library, 'proxies'), { recursive: true });
  expect(proxies.filter((name) => name.endsWith('.jpg'))).toHaveLength(9);
});

test('a name that is taken is refused at the field; a gallery is removed after asking', async ({
  page,
  server,
  app: _app,
}) => {
  for (const name of ['Tigers', 'tigers']) {
    await openView(page, 'Galleries');
    await page.getByRole('button', { name: 'New gallery' }).click();
    await page.getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Create' }).click();
  }
  await expect(
    page.getByText('There is a gallery called "tigers" already. Choose another name.'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: 'More for Tigers' }).click();
  await page.getByRole('menuitem', { name: 'Remove gallery…' }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  expect(rows(server.library, 'SELECT * FROM gallery')).toHaveLength(1);

  await page.getByRole('button', { name: 'More for Tigers' }).click();
  await page.getByRole('menuitem', { name: 'Remove gallery…' }).click();
  await page.getByRole('button', { name: 'Remove gallery', exact: true }).click();
  await expect(page.getByText('No galleries yet')).toBeVisible();
  expect(rows(server.library, 'SELECT * FROM gallery')).toHaveLength(0);
});
