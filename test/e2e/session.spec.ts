import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { addPhotos, inList, samplePhoto, waitUntilRestored } from './steps.ts';

test('without the token nothing is answered', async ({ server, app, page, playwright }) => {
  const photo = 'monarch-specimen.jpg';
  await addPhotos(page, [samplePhoto(photo)]);
  await expect(inList(page, photo)).toBeVisible();
  const [job] = rows<{ photoId: string }>(server.library, 'SELECT photo_id AS photoId FROM job');

  const stranger = await playwright.request.newContext();
  const paths = [
    '/',
    '/?token=wrong',
    '/api/galleries.list',
    '/api/jobs.events',
    `/pictures/photo/${job!.photoId}`,
    '/index.html',
    '/icon.svg',
  ];
  for (const path of paths) {
    const response = await stranger.get(`${app}${path}`, { maxRedirects: 0 });
    expect(response.status(), path).toBe(401);
    expect(await response.text()).not.toMatch(/monarch|<html|"result"|<svg/i);
  }
  const upload = await stranger.post(`${app}/photos?name=a.jpg`, { data: Buffer.from('x') });
  expect(upload.status()).toBe(401);
  expect(rows(server.library, 'SELECT * FROM photo')).toHaveLength(1);
  await stranger.dispose();
});

test('any number of tabs show one list, and none keeps another waiting', async ({
  page,
  context,
  server,
  app: _app,
}) => {
  const photo = 'monarch-specimen.jpg';
  await page.getByText('×1', { exact: true }).click();
  // A browser keeps six connections to one address, for all tabs together.
  const tabs = [page];
  while (tabs.length < 8) {
    const tab = await context.newPage();
    await tab.goto(server.url);
    await expect(tab.getByRole('radio', { name: '×1' })).toBeChecked();
    tabs.push(tab);
  }
  await addPhotos(tabs.at(-1)!, [samplePhoto(photo)]);
  for (const tab of tabs) await waitUntilRestored(tab, photo);
});

test('the window recovers when the engine stops in the middle of a photo', async ({
  page,
  server,
  app: _app,
}) => {
  test.skip(process.platform === 'win32', 'child processes are found with pgrep');
  const photos = ['courtyard-tiles.jpg', 'monarch-specimen.jpg'];
  // An engine that ends within seconds of its start is not started again, so this one must be older.
  await addPhotos(page, [samplePhoto(photos[0]!)]);
  await waitUntilRestored(page, photos[0]!);
  await expect.poll(() => Date.now() - server.startedAt, { timeout: 20_000 }).toBeGreaterThan(8_000);

  await addPhotos(page, [samplePhoto(photos[1]!)]);
  await expect(inList(page, photos[1]!, 'tile')).toBeVisible({ timeout: 60_000 });
  const { stdout } = await promisify(execFile)('pgrep', ['-P', String(server.pid)]);
  process.kill(Number(stdout.trim()), 'SIGKILL');

  await expect(page.getByText('Reconnecting…')).toBeVisible();
  await expect(page.getByText('Reconnecting…')).toBeHidden({ timeout: 60_000 });
  for (const photo of photos) await waitUntilRestored(page, photo);
  await expect(page.getByTestId('batch')).toHaveText('2 restored');
  // Only the photo that was at work was begun again.
  expect(rows(server.library, 'SELECT state, attempts FROM job ORDER BY rowid')).toEqual([
    { state: 'done', attempts: 1 },
    { state: 'done', attempts: 2 },
  ]);
});

test('a window whose server was started anew is told what to do, and goes on once it was done', async ({
  page,
  context,
  server,
  app: _app,
}) => {
  const photo = 'monarch-specimen.jpg';
  await page.getByText('×1', { exact: true }).click();
  await addPhotos(page, [samplePhoto(photo)]);
  await waitUntilRestored(page, photo);
  await server.restart(true);
  await expect(page.getByText('RASR was started again and no longer knows this window.')).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText('Reconnecting…')).toHaveCount(0);
  // As its user does, in another tab of the same browser.
  const other = await context.newPage();
  await other.goto(server.url);
  await waitUntilRestored(other, photo);
  await expect(page.getByText('RASR was started again')).toBeHidden({ timeout: 60_000 });

  await server.restart();
  await expect(page.getByText('RASR does not answer. If you stopped it, start it again')).toBeVisible({
    timeout: 60_000,
  });
});
