import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { decode, difference } from './pixels.ts';
import {
  addPhotos,
  inList,
  makeGallery,
  openView,
  RESTORED_MS,
  samplePhoto,
  sampleReferences,
  waitUntilRestored,
} from './steps.ts';

const COATS = 'Animal coats';
const WINGS = 'Butterfly wings';
const ALL = { left: 0, right: 1, top: 0, bottom: 1 };

interface Used {
  readonly name: string;
  readonly gallery: string;
  readonly similarity: number;
  readonly byHand?: string;
}

interface Restored {
  readonly output: string;
  readonly settings: { handPicked?: { pinned: number[]; excluded: number[]; chosen: number[] } };
  readonly record: {
    readonly decision: string;
    readonly references: readonly Used[];
    readonly search: {
      readonly best: Used | null;
      readonly threshold: number;
      readonly excluded?: number;
    } | null;
  };
}

/** All jobs that are done, as the library has them. */
function restored(library: string): Restored[] {
  return rows<{ output: string; settings: string; record: string }>(
    library,
    "SELECT output, settings, record FROM job WHERE state = 'done' ORDER BY rowid",
  ).map(({ output, settings, record }) => ({
    output,
    settings: JSON.parse(settings),
    record: JSON.parse(record),
  }));
}

const panel = (page: Page) => page.getByRole('region', { name: 'References' });
const nextTime = (page: Page) => panel(page).getByRole('region', { name: 'Next time' });

async function restoreAgain(page: Page, library: string, times: number): Promise<Restored> {
  await nextTime(page).getByRole('button', { name: 'Restore again' }).click();
  await expect.poll(() => restored(library).length, { timeout: RESTORED_MS }).toBe(times);
  await expect(nextTime(page)).toHaveCount(0);
  return restored(library).at(-1)!;
}

test('references are pinned, excluded and chosen by hand, and the photo is restored with them', async ({
  page,
  server,
  app: _app,
}) => {
  test.slow();
  const photo = 'tiger-in-the-shade.jpg';
  await makeGallery(page, COATS);
  await makeGallery(page, WINGS);
  await openView(page, 'Restore');
  await page.getByText('×1', { exact: true }).click();
  await addPhotos(page, [samplePhoto(photo)]);
  await waitUntilRestored(page, photo);
  const [first] = restored(server.library);
  const [best, ...others] = first!.record.references;
  expect(first!.record.decision).toBe('found');
  expect(best!.gallery).toBe(COATS);

  await test.step('beside the result stand the references: picture, gallery, likeness in words and number', async () => {
    const listed = panel(page).getByRole('listitem');
    await expect(listed).toHaveCount(1 + others.length);
    await expect(listed.first()).toContainText(best!.name);
    await expect(listed.first()).toContainText(COATS);
    await expect(listed.first()).toContainText(
      new RegExp(`(Same kind|Weak likeness|Probably the same object), ${best!.similarity.toFixed(2)}`),
    );
    for (const image of await listed.getByRole('img').all()) {
      await expect(image).not.toHaveJSProperty('naturalWidth', 0);
    }
  });

  await test.step('an excluded one is not used again, and the new result has a name of its own', async () => {
    await panel(page)
      .getByRole('button', { name: `Exclude ${best!.name}` })
      .click();
    await expect(nextTime(page)).toContainText(best!.name);
    await expect(nextTime(page)).toContainText('Excluded');
    await nextTime(page).getByRole('button', { name: 'Discard' }).click();
    await expect(nextTime(page)).toHaveCount(0);
    await panel(page)
      .getByRole('button', { name: `Exclude ${best!.name}` })
      .click();
    const { record, settings, output } = await restoreAgain(page, server.library, 2);
    const [reference] = rows<{ id: number }>(
      server.library,
      `SELECT id FROM reference WHERE name = '${best!.name}'`,
    );
    expect(settings.handPicked).toEqual({ pinned: [], excluded: [reference!.id], chosen: [] });
    expect(record.search!.excluded).toBe(1);
    expect([record.search!.best, ...record.references].map((one) => one?.name)).not.toContain(best!.name);
    expect(output).toMatch(/tiger-in-the-shade-restored \(2\)\.jpg$/);
    await expect(panel(page)).not.toContainText(best!.name);
    const [before, after] = [await decode(first!.output), await decode(output)];
    expect(difference(before, after, ALL)).toBeGreaterThan(0);
  });

  await test.step('the picker has every reference, the most similar first, and finds by name', async () => {
    await panel(page).getByRole('button', { name: 'Choose by hand…' }).click();
    const picker = page.getByRole('dialog', { name: `Choose references for ${photo}` });
    const tiles = picker
      .getByRole('list', { name: 'References, the most similar first' })
      .getByRole('button');
    await expect(tiles.first()).toContainText(best!.name, { timeout: 60_000 });
    await expect(picker.getByRole('listitem').first()).toHaveAttribute('aria-setsize', '20');
    const likeness = tiles.first().getByText(best!.similarity.toFixed(2));
    const isWhole = await likeness.evaluate((element) => {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element as unknown as Record<
        string,
        number
      >;
      return scrollWidth! <= clientWidth! && scrollHeight! <= clientHeight!;
    });
    expect(isWhole).toBe(true);
    await picker.getByRole('textbox', { name: 'Search by name' }).fill('MONARCH');
    await expect(tiles).toHaveCount(1);
    await expect(tiles).toContainText('monarch.jpg');
    await tiles.click();
    await expect(tiles).toHaveAttribute('aria-pressed', 'true');
    await picker.getByRole('textbox', { name: 'Search by name' }).fill('no such name');
    await expect(picker.getByText('No reference has this in its name.')).toBeVisible();
    await picker.getByRole('textbox', { name: 'Search by name' }).fill('');
    await picker.getByRole('combobox', { name: 'Gallery' }).click();
    await page.getByRole('option', { name: WINGS }).click();
    await expect(picker.getByRole('listitem').first()).toHaveAttribute('aria-setsize', '10');

    // By keys to the third, which is chosen too.
    await expect(tiles.first()).toBeVisible();
    await tiles.first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const third = tiles.nth(2);
    await expect(third).toBeFocused();
    const wasPressed = await third.getAttribute('aria-pressed');
    if (wasPressed === 'false') await page.keyboard.press('Space');
    await expect(picker.getByText(/^[12] of 3 chosen$/)).toBeVisible();
    await picker.getByRole('button', { name: /^Use th/ }).click();
    await expect(picker).toBeHidden();
    await expect(nextTime(page)).toContainText('monarch.jpg');
  });

  await test.step('what was chosen is used and nothing else, and the record says it was chosen', async () => {
    const { record, settings, output } = await restoreAgain(page, server.library, 3);
    expect(record.decision).toBe('chosen');
    expect(settings.handPicked!.chosen).toHaveLength(record.references.length);
    for (const { gallery, byHand } of record.references) expect([gallery, byHand]).toEqual([WINGS, 'chosen']);
    expect(record.references.map(({ name }) => name)).toContain('monarch.jpg');
    expect(output).toMatch(/tiger-in-the-shade-restored \(3\)\.jpg$/);
    const monarch = panel(page).getByRole('listitem').filter({ hasText: 'monarch.jpg' });
    await expect(monarch).toContainText('Chosen by you');
    const beside = JSON.parse(
      await (await import('node:fs/promises')).readFile(`${output}.rasr.json`, 'utf8'),
    );
    expect(beside.references).toEqual(record.references);
  });

  await test.step('a pinned one is used beside what is found', async () => {
    await inList(page, photo).first().click();
    await expect(panel(page)).toContainText(best!.name);
    const second = panel(page).getByRole('button', { name: /^Pin / }).last();
    const pinned = (await second.getAttribute('aria-label'))!.replace('Pin ', '');
    await second.click();
    await expect(second).toHaveAttribute('aria-pressed', 'true');
    await expect(nextTime(page)).toContainText('Pinned');
    const { record } = await restoreAgain(page, server.library, 4);
    expect(record.references[0]).toMatchObject({ name: pinned, byHand: 'pinned' });
    expect(record.search!.best).not.toBeNull();
    await expect(panel(page).getByRole('listitem').first()).toContainText('Pinned by you');
  });
});

test('where nothing fits, it is told why, the nearest can be used anyway, and better ones added', async ({
  page,
  server,
  app: _app,
}) => {
  const photo = 'evening-at-the-lake.jpg';
  await makeGallery(page, WINGS);
  await openView(page, 'Restore');
  await page.getByText('×1', { exact: true }).click();
  await addPhotos(page, [samplePhoto(photo)]);
  await waitUntilRestored(page, photo);
  const [{ record }] = restored(server.library) as [Restored];
  expect(record).toMatchObject({ decision: 'rejected', references: [] });
  const [similarity, threshold] = [record.search!.best!.similarity, record.search!.threshold].map((value) =>
    value.toFixed(2),
  );
  await expect(panel(page)).toContainText('Restored without a reference');
  await expect(panel(page).getByRole('listitem')).toContainText(record.search!.best!.name);
  await expect(panel(page)).toContainText(
    `reached a similarity of ${similarity}, and ${threshold} is needed`,
  );

  await panel(page).getByRole('button', { name: 'Use it anyway' }).click();
  await expect.poll(() => restored(server.library).length, { timeout: RESTORED_MS }).toBe(2);
  const anyway = restored(server.library).at(-1)!.record;
  expect(anyway.decision).toBe('chosen');
  expect(anyway.references).toMatchObject([
    { name: record.search!.best!.name, gallery: WINGS, byHand: 'pinned', closeness: 'rejected' },
  ]);
  await expect(panel(page).getByRole('listitem')).toContainText('Pinned by you');
  await expect(panel(page).getByRole('listitem')).toContainText(`Not close enough, ${similarity}`);

  await inList(page, photo).first().click();
  const chooser = page.waitForEvent('filechooser');
  await panel(page)
    .getByRole('button', { name: `Add photos to “${WINGS}”…` })
    .click();
  const [coat] = await sampleReferences(COATS);
  await (await chooser).setFiles(coat!);
  await expect(page.getByRole('heading', { level: 1, name: WINGS })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: '1 added' })).toBeVisible({ timeout: RESTORED_MS });
  expect(rows(server.library, 'SELECT * FROM reference')).toHaveLength(11);
});
