import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { decode, difference, pixelsOf } from './pixels.ts';
import { writeSmallPhotos } from './small-photos.ts';
import {
  addPhotos,
  addReferences,
  dragOverWindow,
  inList,
  openView,
  RESTORED_MS,
  samplePhoto,
  sampleReferences,
  sharpEverywhere,
  waitUntilRestored,
} from './steps.ts';

/** Audits what is on the screen in both colour schemes. */
async function audit(page: Page, view: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    const { violations } = await new AxeBuilder({ page })
      .options({ resultTypes: ['violations'] })
      // Without frames there is nothing to gather from a page of its own.
      .setLegacyMode()
      .analyze();
    const findings = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`);
    expect.soft(findings, `${view}, ${colorScheme}`).toEqual([]);
  }
}

test('no view has a serious finding, in light and in dark', async ({ page, app: _app }, { outputDir }) => {
  // Two dozen audits, each of every element's contrast.
  test.slow();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await audit(page, 'first run');
  await dragOverWindow(page, [samplePhoto('monarch-specimen.jpg')]);
  await audit(page, 'a drag over the window');
  await page.reload();

  await openView(page, 'Galleries');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await audit(page, 'no galleries');
  await page.getByRole('button', { name: 'New gallery' }).click();
  await page.getByLabel('Name').fill('Butterfly wings');
  await page.getByRole('button', { name: 'Create' }).click();
  await addReferences(page, (await sampleReferences('Butterfly wings')).slice(0, 2));
  await expect(page.getByRole('status').filter({ hasText: '2 added' })).toBeVisible({ timeout: RESTORED_MS });
  await audit(page, 'a gallery');
  await page
    .getByRole('button', { name: /^Show / })
    .first()
    .click();
  await audit(page, 'a reference');
  await page.keyboard.press('Escape');
  await openView(page, 'Galleries');
  await audit(page, 'galleries');
  await page.getByRole('button', { name: 'New gallery' }).click();
  await page.getByLabel('Name').fill('Butterfly wings');
  await audit(page, 'a name that is taken');
  await page.keyboard.press('Escape');
  await openView(page, 'Models');
  await expect(page.getByRole('button', { name: 'Verify' }).first()).toBeVisible();
  await audit(page, 'models');
  await page
    .getByRole('button', { name: /^Figures of / })
    .first()
    .click();
  await page.getByRole('button', { name: 'Verify' }).first().click();
  await expect(page.getByText('Intact').first()).toBeVisible();
  await audit(page, 'the figures of a model, and one that is intact');
  await openView(page, 'Settings');
  await expect(page.getByTestId('library-folder')).not.toBeEmpty();
  await audit(page, 'settings');
  await page.getByRole('combobox', { name: 'Language' }).click();
  await expect(page.getByRole('option', { name: 'Deutsch', exact: true })).toBeVisible();
  await audit(page, 'languages');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Open another library…' }).click();
  await page.getByLabel('Folder of the other library').fill('somewhere');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByText('somewhere is not a whole path.')).toBeVisible();
  await audit(page, 'a library that cannot be opened');
  await page.keyboard.press('Escape');

  await openView(page, 'Restore');
  await mkdir(outputDir, { recursive: true });
  const [noPhoto, truncated] = ['no photo.jpg', 'truncated.jpg'] as const;
  await writeFile(path.join(outputDir, noPhoto), 'text');
  const whole = await readFile(samplePhoto('courtyard-tiles.jpg'));
  await writeFile(path.join(outputDir, truncated), whole.subarray(0, whole.length / 2));
  const [first, second] = await writeSmallPhotos(outputDir, 2);
  await addPhotos(page, [path.join(outputDir, noPhoto), path.join(outputDir, truncated), first!, second!]);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'was not added' })).toContainText(noPhoto);
  await expect(inList(page, truncated, 'Failed')).toBeVisible();
  await audit(page, 'a file that was refused, and a paused batch');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await inList(page, truncated).click();
  await page.getByRole('button', { name: '1 failed' }).click();
  await audit(page, 'the failed photos');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Presets' }).click();
  await page.getByLabel('Name of the preset').fill('Print');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Delete preset Print' })).toBeVisible();
  await audit(page, 'presets');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Output/ }).click();
  await page.getByLabel('Name of restored photos').fill('{nme}');
  await expect(page.getByText('{nme} stands for nothing')).toBeVisible();
  await audit(page, 'a name template that cannot be used');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Resume' }).click();
  await waitUntilRestored(page, path.basename(second!));
  await inList(page, path.basename(second!)).click();
  await expect(page.getByRole('group', { name: 'Before and after' })).toBeVisible();
  await audit(page, 'a result');
  await page.getByRole('button', { name: 'Choose by hand…' }).click();
  const picker = page.getByRole('list', { name: 'References, the most similar first' }).getByRole('button');
  await picker.first().click();
  await audit(page, 'the references to choose from');
  await page.getByRole('button', { name: 'Use this reference' }).click();
  await expect(page.getByRole('region', { name: 'Next time' })).toBeVisible();
  await audit(page, 'a choice of references');
  const large = 'monarch-specimen.jpg';
  await addPhotos(page, [samplePhoto(large)]);
  await inList(page, large, 'tile').click();
  await audit(page, 'a photo at work');
});

/** Presses Tab until the element has the focus, as somebody without a mouse gets there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element.matches(':focus-visible'))) return;
  }
  throw new Error(`${target} cannot be reached with Tab.`);
}

test('a photo is chosen, restored, compared and saved by keyboard alone', async ({
  page,
  server: _server,
  app: _app,
}) => {
  const photo = 'monarch-specimen.jpg';
  const choose = page.getByRole('button', { name: 'Choose photos…' });
  await expect(choose).toBeVisible();
  const chooser = page.waitForEvent('filechooser');
  await tabTo(page, choose);
  await expect(choose).not.toHaveCSS('outline-style', 'none');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(samplePhoto(photo));
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: 'Pause' }));
  await page.keyboard.press('Space');
  await expect(page.getByTestId('batch')).toContainText('pausing after this photo');
  await waitUntilRestored(page, photo);

  await tabTo(page, inList(page, photo));
  const picture = page.getByRole('group', { name: 'Before and after' });
  const whole = { left: 0, right: 1, top: 0, bottom: 1 };
  await sharpEverywhere(picture);
  const after = await pixelsOf(picture);
  await page.keyboard.down('Space');
  await expect.poll(async () => difference(after, await pixelsOf(picture), whole)).toBeGreaterThan(0.3);
  await page.keyboard.up('Space');
  await expect.poll(async () => difference(after, await pixelsOf(picture), whole)).toBeLessThan(0.1);

  const download = page.waitForEvent('download');
  await tabTo(page, page.getByRole('button', { name: 'Save…' }));
  await page.keyboard.press('Enter');
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('monarch-specimen-restored.jpg');
  expect((await decode(await saved.path())).width).toBeGreaterThan(1000);
});

test('language, colours and device are chosen by keyboard alone', async ({ page, server, app: _app }) => {
  const settings = page.getByRole('link', { name: 'Settings' });
  await expect(settings).toBeVisible();
  await tabTo(page, settings);
  await page.keyboard.press('Enter');
  const system = page.getByRole('radio', { name: 'Like the system' });
  await expect(system).toBeChecked();
  await tabTo(page, system);
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await tabTo(page, page.getByRole('radio', { name: /CPU/ }));
  await page.reload();
  const language = page.getByRole('combobox', { name: 'Language' });
  await expect(language).toBeVisible();
  await tabTo(page, language);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('option', { name: 'Français' })).toBeVisible();
  // From the first to the last.
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  const kept = rows(
    server.library,
    "SELECT key, value FROM setting WHERE key IN ('language', 'theme') ORDER BY key",
  );
  expect(kept).toEqual([
    { key: 'language', value: '"fr"' },
    { key: 'theme', value: '"dark"' },
  ]);
});

test('nothing moves for who asked for less motion', async ({ page, app: _app }, { outputDir }) => {
  await expect(page.getByRole('button', { name: 'Choose photos…' })).toBeVisible();
  await addPhotos(page, [
    samplePhoto('tile-panel-on-the-wall.jpg'),
    ...(await writeSmallPhotos(outputDir, 1)),
  ]);
  await expect(page.getByRole('progressbar', { name: 'All photos' })).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  const moving = () =>
    page.locator('body *').evaluateAll(
      (elements) =>
        elements.filter((element) => {
          const style = element.ownerDocument.defaultView!.getComputedStyle(element);
          const longest = Math.max(
            ...`${style.transitionDuration},${style.animationDuration}`.split(',').map(Number.parseFloat),
          );
          return longest > 0.001 || style.animationIterationCount === 'infinite';
        }).length,
    );
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await moving()).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await moving()).toBe(0);
});
