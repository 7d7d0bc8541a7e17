import { appendFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { catalogueEntry } from '../../src/core/models/catalogue.ts';
import { type HubServer, startHub } from '../support/hub-server.ts';
import { knownTokensModel } from '../support/known-tokens.ts';
import { test as base, expect } from './fixtures.ts';
import { openView } from './steps.ts';

const { source, manifest } = catalogueEntry('dinov2-small');

/** A hub on this computer, which the server of the test asks instead of Hugging Face's. */
const test = base.extend<{ hub: HubServer }>({
  hub: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names a fixture needs from this pattern
    async ({}, use) => {
      const hub = await startHub({ [`${source.repository}/${source.path}`]: knownTokensModel(2_000_000) });
      process.env.HF_ENDPOINT = hub.url;
      await use(hub);
      delete process.env.HF_ENDPOINT;
      await hub.close();
    },
    { auto: true },
  ],
});

test('a model is downloaded, cancelled, continued and put in use', async ({
  page,
  server,
  hub,
  app: _app,
}) => {
  hub.behaviour.pauseMs = 100;
  await openView(page, 'Models');
  const available = page.getByRole('region', { name: 'Available to download' });
  await expect(available).toContainText('Apache-2.0 · 88.5 MB · huggingface.co/onnx-community/dinov2-small');

  await available.getByRole('button', { name: `Download ${manifest.title}` }).click();
  const progress = available.getByRole('progressbar');
  await expect(progress).not.toHaveAttribute('aria-valuenow', '0');
  await openView(page, 'Galleries');
  await openView(page, 'Models');
  await expect(progress).toBeVisible();
  await expect(available).toContainText('of 2.0 MB');
  await available.getByRole('button', { name: `Cancel the download of ${manifest.title}` }).click();
  await expect(available).toContainText('Stopped at');

  hub.behaviour.pauseMs = 0;
  await available.getByRole('button', { name: `Continue ${manifest.title}` }).click();
  const row = page.getByRole('row', { name: manifest.title });
  await expect(row).toBeVisible();
  await expect(available).toBeHidden();
  expect(hub.starts).toHaveLength(2);
  expect(hub.starts[1]).toBeGreaterThan(0);
  const folders = await readdir(path.join(server.library, 'models'));
  expect(folders.filter((name) => !name.startsWith('.'))).toEqual([manifest.id]);

  await row.getByRole('button', { name: 'Use' }).click();
  await expect(row.getByText('In use')).toBeVisible({ timeout: 60_000 });
});

test('why a download failed is told, with what to do; a damaged model is downloaded again', async ({
  page,
  server,
  hub,
  app: _app,
}) => {
  hub.behaviour.status = 403;
  await openView(page, 'Models');
  const available = page.getByRole('region', { name: 'Available to download' });
  await available.getByRole('button', { name: 'Download' }).click();
  const fault = available.getByRole('alert');
  await expect(fault).toContainText('status 403');
  await expect(fault).toContainText('The installed models go on working meanwhile.');

  hub.behaviour.status = null;
  await available.getByRole('button', { name: 'Try again' }).click();
  const row = page.getByRole('row', { name: manifest.title });
  await expect(row).toBeVisible();

  await appendFile(path.join(server.library, 'models', manifest.id, 'model.onnx'), 'x');
  await row.getByRole('button', { name: 'Verify' }).click();
  await expect(row.getByRole('alert')).toContainText('bytes instead of');
  await row.getByRole('button', { name: /^Download .* again$/ }).click();
  await expect(row.getByRole('alert')).toBeHidden();
  await expect(available).toBeHidden();
  await row.getByRole('button', { name: 'Verify' }).click();
  await expect(row.getByText('Intact')).toBeVisible();
});
