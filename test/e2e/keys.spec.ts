import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { addPhotos, inList, samplePhoto, waitUntilRestored } from './steps.ts';

test('the list and the compare view go by keyboard alone', async ({ page, server, app: _app }) => {
  const [first, second] = ['courtyard-tiles.jpg', 'monarch-specimen.jpg'] as const;
  await page.getByText('×1', { exact: true }).click();
  await addPhotos(page, [first, second].map(samplePhoto));
  await waitUntilRestored(page, first);
  await waitUntilRestored(page, second);

  await inList(page, first).focus();
  await page.keyboard.press('ArrowRight');
  await expect(inList(page, second)).toBeFocused();
  await expect(page.getByRole('heading', { level: 2, name: second })).toBeVisible();

  // Over a thumbnail Space shows "before", and letting it go is no click.
  const picture = page.getByRole('group', { name: 'Before and after' });
  await expect(picture.getByText('After')).toHaveCount(1);
  await page.keyboard.down('Space');
  await expect(picture.getByText('After')).toHaveCount(0);
  await page.keyboard.up('Space');
  await expect(picture.getByText('After')).toHaveCount(1);

  await page.keyboard.press('z');
  await expect(page.getByTestId('zoom')).toHaveText('100 %');
  await page.keyboard.press('z');
  await expect(page.getByTestId('zoom')).not.toHaveText('100 %');

  await page.keyboard.press('Delete');
  await expect(inList(page, second)).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 2, name: first })).toBeVisible();
  expect(rows(server.library, 'SELECT * FROM job')).toHaveLength(1);
});

test('a pasted picture is restored', async ({ page, app: _app }) => {
  await paste(page, 'scan.jpg', await readFile(samplePhoto('monarch-specimen.jpg')));
  await waitUntilRestored(page, 'scan.jpg');
});

test('a picture copied in another program is pasted, and named by the time', async ({
  page,
  context,
  server,
  app,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app });
  const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#a06020' } });
  const base64 = (await picture.png().toBuffer()).toString('base64');
  await evaluate(
    page,
    `{
      const bytes = Uint8Array.from(atob('${base64}'), (character) => character.charCodeAt(0));
      const item = new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) });
      navigator.clipboard.write([item]);
    }`,
  );
  await page.keyboard.press('ControlOrMeta+V');
  await expect(page.getByRole('button', { name: /^pasted .*: Restored$/ })).toBeVisible();
  const [photo] = rows<{ name: string; width: number }>(server.library, 'SELECT name, width FROM photo');
  expect(photo!.name).toMatch(/^pasted \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$/);
  expect(photo!.width).toBe(40);
});

test('the colour scheme that was chosen survives a reload', async ({ page, app: _app }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  const html = page.locator('html');
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'light');
  await page.getByRole('button', { name: 'Colours: Like the system' }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.reload();
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark');
});

async function paste(page: Page, name: string, bytes: Buffer): Promise<void> {
  await evaluate(
    page,
    `{
      const bytes = Uint8Array.from(atob('${bytes.toString('base64')}'), (character) => character.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], '${name}', { type: 'image/jpeg' }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }`,
  );
}

/** Through the debugger: the page's policy forbids scripts made of text, as it should. */
async function evaluate(page: Page, expression: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { exceptionDetails } = await session.send('Runtime.evaluate', { expression, awaitPromise: true });
  expect(exceptionDetails).toBeUndefined();
  await session.detach();
}
