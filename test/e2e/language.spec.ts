import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { rows } from './library.ts';
import { openView, RESTORED_MS } from './steps.ts';

/** What sticks out to the right of the box it stands in, or of the window. */
async function sticksOut(page: Page): Promise<string[]> {
  return page.locator('body *:visible').evaluateAll((elements) =>
    elements
      .map((element) => element as unknown as Box)
      .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
      .filter((element) => {
        const style = element.ownerDocument.defaultView.getComputedStyle(element);
        // What is cut with an ellipsis says so, and what is hidden from sight has no width.
        return style.textOverflow !== 'ellipsis' && style.display !== 'inline' && clipOf(style) === 'auto';

        function clipOf({ clip }: { clip: string }): string {
          return clip;
        }
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 160)),
  );
}

/** What the DOM's types would say; tests are checked without them. */
interface Box {
  readonly scrollWidth: number;
  readonly clientWidth: number;
  readonly outerHTML: string;
  readonly ownerDocument: {
    readonly defaultView: {
      getComputedStyle(element: unknown): { textOverflow: string; display: string; clip: string };
    };
  };
}

test('somebody changes to German, restores the sample photo, and finds German again after a restart', async ({
  page,
  server,
  app: _app,
}) => {
  const html = page.locator('html');
  await expect(html).toHaveAttribute('lang', 'en');
  await openView(page, 'Settings');
  await page.getByRole('combobox', { name: 'Language' }).click();
  await page.getByRole('option', { name: 'Deutsch', exact: true }).click();
  await expect(html).toHaveAttribute('lang', 'de');
  await expect(page.getByRole('heading', { level: 1, name: 'Einstellungen' })).toBeVisible();
  expect(rows(server.library, "SELECT value FROM setting WHERE key = 'language'")).toEqual([
    { value: '"de"' },
  ]);

  const views = page.getByRole('navigation', { name: 'Ansichten' });
  await views.getByRole('link', { name: 'Restaurieren' }).click();
  const steps = page.getByRole('list', { name: 'Drei Schritte zum ersten restaurierten Foto' });
  await steps.getByRole('button', { name: 'Beispiele hinzufügen' }).click();
  await expect(steps.getByRole('img', { name: 'Erledigt' })).toBeVisible({ timeout: RESTORED_MS });
  await expect(steps).toContainText('30 Referenzen sind bereit.');
  await steps.getByRole('button', { name: 'Beispiel restaurieren' }).click();
  await expect
    .poll(() => rows<{ state: string }>(server.library, 'SELECT state FROM job').map(({ state }) => state), {
      timeout: RESTORED_MS,
    })
    .toEqual(['done']);
  const [job] = rows<{ record: string }>(server.library, 'SELECT record FROM job');
  expect(JSON.parse(job!.record).sameObject).not.toBeNull();

  await views.getByRole('link', { name: 'Modelle' }).click();
  // Sizes as German writes them, whatever the models weigh.
  await expect(page.getByText(/\d,\d MB/).first()).toBeVisible();
  await server.restart();
  await page.goto(server.url);
  await expect(html).toHaveAttribute('lang', 'de');
  await expect(page.getByRole('navigation', { name: 'Ansichten' })).toBeVisible();
});

test.describe('a browser in French', () => {
  test.use({ locale: 'fr-CA' });

  test('is answered in French, also by the engine', async ({ page, app: _app }) => {
    await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
    await page.getByRole('navigation', { name: 'Vues' }).getByRole('link', { name: 'Réglages' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Réglages' })).toBeVisible();
    await page.getByRole('button', { name: 'Ouvrir une autre bibliothèque…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('quelque part');
    await dialog.getByRole('button', { name: 'Ouvrir', exact: true }).click();
    await expect(dialog).toContainText(
      'quelque part n’est pas un chemin complet. Commencez à la racine du disque.',
    );
  });
});

test.describe('German, whose words are long', () => {
  test.use({ locale: 'de-DE', viewport: { width: 1024, height: 700 } });

  test('fits into a small window', async ({ page, app: _app }) => {
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    for (const view of ['Restaurieren', 'Galerien', 'Modelle', 'Einstellungen']) {
      await page.getByRole('navigation', { name: 'Ansichten' }).getByRole('link', { name: view }).click();
      await expect(page.getByRole('link', { name: view })).toHaveAttribute('aria-current', 'page');
      await expect(page.locator('main')).not.toBeEmpty();
      await expect.poll(() => sticksOut(page), view).toEqual([]);
    }
  });
});
