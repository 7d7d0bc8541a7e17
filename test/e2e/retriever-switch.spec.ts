import { cp, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { claimIndexing } from '../../src/core/library/owner.ts';
import { LibraryPaths } from '../../src/core/library/paths.ts';
import { expect, SAMPLES, type Server, test } from './fixtures.ts';
import { makeGallery, openView } from './steps.ts';

const TITLE = 'Another retriever';
const GALLERY = 'Girih tiles';

/** Adds the embedded retriever under another name to the library, and starts the server again with it. */
async function addRetriever(server: Server, page: Page): Promise<string> {
  const folder = path.join(server.library, 'models', 'another');
  await cp(path.join(SAMPLES, '..', 'models', 'retriever-small'), folder, { recursive: true });
  const file = path.join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...manifest, id: 'another', title: TITLE }));
  await server.restart();
  await page.goto(server.url);
  return folder;
}

const rowOf = (page: Page, title: string) => page.getByRole('row').filter({ hasText: title });

test('changing the retriever tells how far it is, can be cancelled, and changes over when all is indexed', async ({
  page,
  server,
  app: _app,
}) => {
  await makeGallery(page, GALLERY);
  await addRetriever(server, page);
  // As long as the test holds the claim, the engine waits as it does for another process.
  const claim = claimIndexing(new LibraryPaths(server.library))!;
  await openView(page, 'Models');
  const bar = page.getByRole('region', { name: 'Change of the retriever' });
  await rowOf(page, TITLE).getByRole('button', { name: 'Use' }).click();
  await expect(bar).toContainText(`Indexing for ${TITLE}: 0 of 10 references.`);
  await expect(bar).toContainText('Until it is ready, RASR retriever small finds the references.');
  await expect(rowOf(page, 'RASR retriever small').getByText('In use')).toBeVisible();

  await test.step('it is told in a window that opens later, and in every view', async () => {
    await page.reload();
    await openView(page, 'Galleries');
    await expect(bar).toContainText('0 of 10');
  });

  await test.step('Cancel stays with the old one', async () => {
    await bar.getByRole('button', { name: 'Cancel' }).click();
    await expect(bar).toBeHidden();
  });

  await openView(page, 'Models');
  await rowOf(page, TITLE).getByRole('button', { name: 'Use' }).click();
  await expect(bar).toBeVisible();
  claim.release();
  await expect(rowOf(page, TITLE).getByText('In use')).toBeVisible();
  await expect(bar).toBeHidden();
  await expect(rowOf(page, 'RASR retriever small').getByRole('button', { name: 'Use' })).toBeVisible();
});

test('a retriever that is damaged is not changed to, and that is told', async ({
  page,
  server,
  app: _app,
}) => {
  const folder = await addRetriever(server, page);
  await truncate(path.join(folder, 'retriever.onnx'), 1000);
  await openView(page, 'Models');
  await rowOf(page, TITLE).getByRole('button', { name: 'Use' }).click();
  const told = page.getByRole('alert').filter({ hasText: 'RASR retriever small stays in use.' });
  await expect(told).toContainText('retriever.onnx has 1000 bytes');
  await expect(rowOf(page, 'RASR retriever small').getByText('In use')).toBeVisible();
  await told.getByRole('button', { name: 'Dismiss' }).click();
  await expect(told).toBeHidden();
});
