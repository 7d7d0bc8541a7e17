import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { expect, type Server, test } from './fixtures.ts';
import { rows } from './library.ts';
import {
  addReferences,
  dropOnWindow,
  makeGallery,
  openView,
  RESTORED_MS,
  SAMPLE_GALLERIES,
  sampleReferences,
} from './steps.ts';

const cells = (page: Page) => page.getByRole('grid', { name: 'References' }).getByRole('gridcell');
const cell = (page: Page, name: string) => cells(page).filter({ hasText: name });
const card = (page: Page, name: RegExp) =>
  page.getByRole('list', { name: 'Galleries' }).getByRole('link', { name });

/** Opens the menu of a gallery and chooses from it. */
async function choose(page: Page, gallery: string, item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: `More for ${gallery}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function createGallery(page: Page, name: string): Promise<void> {
  await openView(page, 'Galleries');
  await page.getByRole('button', { name: 'New gallery' }).click();
  await page.getByLabel('Name').fill(name);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** Everything that a change touches, vectors and codes of the serving retriever among it. */
function snapshot({ library }: Server): unknown {
  const [table] = rows<{ model_hash: string }>(library, 'SELECT model_hash FROM vector_table');
  return {
    galleries: rows(library, 'SELECT * FROM gallery ORDER BY id'),
    references: rows(library, 'SELECT * FROM reference ORDER BY id'),
    codes:
      table === undefined
        ? []
        : rows(
            library,
            `SELECT reference_id, gallery_id, hex(code) FROM code_${table.model_hash} ORDER BY reference_id`,
          ),
  };
}

test('a gallery is made, filled, and knows duplicates', async ({ page, server, app: _app }) => {
  await makeGallery(page, 'Girih tiles');
  await expect(cells(page)).toHaveCount(10);
  await expect(cells(page).first().getByRole('presentation')).toHaveJSProperty('naturalWidth', 384);

  await addReferences(page, await sampleReferences('Girih tiles'));
  await expect(page.getByRole('status').filter({ hasText: '10 already there' })).toBeVisible();
  await expect(cells(page)).toHaveCount(10);
  expect(rows(server.library, 'SELECT * FROM reference')).toHaveLength(10);

  await openView(page, 'Galleries');
  await expect(card(page, /Girih tiles 10 references/)).toBeVisible();
});

test('removed references come back by undo, and are deleted for good at a later start', async ({
  page,
  server,
  app: _app,
}) => {
  await createGallery(page, 'Wings');
  await dropOnWindow(page, [path.join(SAMPLE_GALLERIES, 'Butterfly wings')]);
  await expect(page.getByRole('status').filter({ hasText: '10 added' })).toBeVisible({ timeout: 60_000 });
  await expect(cells(page)).toHaveCount(10);
  await expect.poll(() => (snapshot(server) as { codes: unknown[] }).codes).toHaveLength(10);
  const before = snapshot(server);

  await cell(page, 'monarch.jpg').click();
  await cell(page, 'owl.jpg').click({ modifiers: ['ControlOrMeta'] });
  await page.keyboard.press('Delete');
  await expect(cells(page)).toHaveCount(8);
  expect(rows(server.library, 'SELECT * FROM reference')).toHaveLength(8);
  await page.getByRole('alert').getByRole('button', { name: 'Undo' }).click();
  await expect(cells(page)).toHaveCount(10);
  expect(snapshot(server)).toEqual(before);

  await cell(page, 'monarch.jpg').click();
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Remove' }).click();
  await expect(cells(page)).toHaveCount(9);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(cells(page)).toHaveCount(10);
  expect(snapshot(server)).toEqual(before);

  const pictures = async () =>
    (await readdir(server.library, { recursive: true })).filter((name) => /\.(jpg|webp)$/.test(name)).length;
  await cell(page, 'monarch.jpg').click();
  await page.keyboard.press('Delete');
  await expect(cells(page)).toHaveCount(9);
  expect(await pictures()).toBe(20);
  const database = new Database(path.join(server.library, 'library.db'));
  database.exec("UPDATE change SET created_at = '2020-01-01T00:00:00.000Z'");
  database.close();
  await server.restart();
  await expect.poll(pictures).toBe(18);
  expect(rows(server.library, 'SELECT * FROM image')).toHaveLength(9);
});

test('a gallery is renamed, and removed and brought back with all that is in it', async ({
  page,
  server,
  app: _app,
}) => {
  await createGallery(page, 'Tigers');
  await makeGallery(page, 'Girih tiles');
  await openView(page, 'Galleries');
  await choose(page, 'Girih tiles', 'Rename…');
  await page.getByRole('textbox', { name: 'Name' }).fill('tigers');
  await page.getByRole('button', { name: 'Rename' }).click();
  await expect(
    page.getByText('There is a gallery called "tigers" already. Choose another name.'),
  ).toBeVisible();
  await page.getByRole('textbox', { name: 'Name' }).fill('Tiles');
  await page.keyboard.press('Enter');
  await expect(card(page, /Tiles 10 references/)).toBeVisible();
  expect(rows(server.library, 'SELECT name FROM gallery ORDER BY id')).toEqual([
    { name: 'Tigers' },
    { name: 'Tiles' },
  ]);

  const before = snapshot(server);
  await choose(page, 'Tiles', 'Remove gallery');
  await expect(card(page, /Tiles/)).toBeHidden();
  expect(rows(server.library, 'SELECT * FROM reference')).toHaveLength(0);
  await page.getByRole('alert').getByRole('button', { name: 'Undo' }).click();
  await expect(card(page, /Tiles 10 references/)).toBeVisible();
  expect(snapshot(server)).toEqual(before);
});

test('galleries are merged, and the merger is undone', async ({ page, server, app: _app }) => {
  await makeGallery(page, 'Butterfly wings');
  await createGallery(page, 'More wings');
  await addReferences(page, (await sampleReferences('Butterfly wings')).slice(0, 2));
  await addReferences(page, (await sampleReferences('Girih tiles')).slice(0, 1));
  await expect(page.getByRole('status').filter({ hasText: '3 added' })).toBeVisible({ timeout: RESTORED_MS });
  await expect.poll(() => (snapshot(server) as { codes: unknown[] }).codes).toHaveLength(13);
  const before = snapshot(server);

  await choose(page, 'More wings', 'Merge into another…');
  await page.getByRole('combobox', { name: 'Merge into' }).click();
  await page.getByRole('option', { name: 'Butterfly wings' }).click();
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Butterfly wings' })).toBeVisible();
  // Two of the three are the same pictures.
  await expect(cells(page)).toHaveCount(11);
  expect(rows(server.library, 'SELECT name FROM gallery')).toEqual([{ name: 'Butterfly wings' }]);
  await page.getByRole('alert').getByRole('button', { name: 'Undo' }).click();
  await expect(cells(page)).toHaveCount(10);
  expect(snapshot(server)).toEqual(before);
});

test('references are selected by mouse and keyboard, sorted, and moved between galleries', async ({
  page,
  server,
  app: _app,
}) => {
  await createGallery(page, 'Elsewhere');
  await makeGallery(page, 'Girih tiles');
  await expect(cells(page)).toHaveCount(10);
  const selected = page.getByRole('gridcell', { selected: true });
  const shownNames = () =>
    cells(page).evaluateAll((all) => all.map((one) => one.textContent!.replace(/ .*/, '')));

  await page.getByLabel('Sort by').selectOption('Name');
  await expect.poll(async () => (await shownNames())[0]).toBe('eightfold-cobalt.jpg');
  const byName = await shownNames();
  expect(byName).toEqual([...byName].sort());
  await page.getByRole('button', { name: 'Ascending' }).click();
  await expect.poll(shownNames).toEqual(byName.toReversed());
  await page.getByRole('button', { name: 'Descending' }).click();
  await page.getByLabel('Sort by').selectOption('Sharpness');
  const sharp = rows<{ name: string }>(
    server.library,
    'SELECT name FROM reference JOIN image USING (sha256) ORDER BY sharpness',
  );
  await expect.poll(shownNames).toEqual(sharp.map(({ name }) => name));
  await page.getByLabel('Sort by').selectOption('Name');
  await expect.poll(shownNames).toEqual(byName);

  await cells(page).nth(1).click();
  await cells(page)
    .nth(4)
    .click({ modifiers: ['Shift'] });
  await expect(selected).toHaveCount(4);
  await cells(page)
    .nth(2)
    .click({ modifiers: ['ControlOrMeta'] });
  await expect(selected).toHaveCount(3);
  await page.keyboard.press('ControlOrMeta+a');
  await expect(selected).toHaveCount(10);
  await page.keyboard.press('Escape');
  await expect(selected).toHaveCount(0);
  await page.keyboard.press('Home');
  await expect(cells(page).first()).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(selected).toHaveCount(2);
  await expect(cells(page).nth(2)).toBeFocused();
  await page.keyboard.press('Control+ArrowRight');
  await page.keyboard.press('Space');
  await expect(selected).toHaveCount(3);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: byName[3]! })).toBeVisible();
  await page.keyboard.press('Escape');

  const before = snapshot(server);
  await page.getByRole('button', { name: 'Move to' }).click();
  await page.getByRole('menuitem', { name: 'Elsewhere' }).click();
  await expect(cells(page)).toHaveCount(7);
  expect(
    rows(
      server.library,
      "SELECT reference.name FROM reference JOIN gallery ON gallery.id = gallery_id WHERE gallery.name = 'Elsewhere' ORDER BY 1",
    ),
  ).toEqual(byName.slice(1, 4).map((name) => ({ name })));
  await page.getByRole('alert').getByRole('button', { name: 'Undo' }).click();
  await expect(cells(page)).toHaveCount(10);
  expect(snapshot(server)).toEqual(before);

  await cells(page).first().click();
  await page.getByRole('button', { name: 'Move to' }).click();
  await page.getByRole('menuitem', { name: 'New gallery…' }).click();
  await page.getByLabel('Name').fill('Apart');
  await page.keyboard.press('Enter');
  await expect(cells(page)).toHaveCount(9);
  await openView(page, 'Galleries');
  await expect(card(page, /Apart 1 reference/)).toBeVisible();
});
