import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, SAMPLES } from './fixtures.ts';
import { rows } from './library.ts';

/** A restoration on two busy cores, first load of the models included. */
export const RESTORED_MS = 150_000;

export function samplePhoto(name: string): string {
  return path.join(SAMPLES, 'photos', name);
}

export const SAMPLE_GALLERIES = path.join(SAMPLES, 'galleries');

export async function sampleReferences(gallery: string): Promise<string[]> {
  const folder = path.join(SAMPLE_GALLERIES, gallery);
  const names = await readdir(folder);
  return names.sort().map((name) => path.join(folder, name));
}

/** Makes a gallery and adds a sample gallery's references, as a user does; ends in the gallery. */
export async function makeGallery(page: Page, name: string): Promise<void> {
  await openView(page, 'Galleries');
  await page.getByRole('button', { name: 'New gallery' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  const references = await sampleReferences(name);
  await addReferences(page, references);
  await expect(page.getByRole('status').filter({ hasText: `${references.length} added` })).toBeVisible({
    timeout: RESTORED_MS,
  });
}

export async function addReferences(page: Page, files: string[]): Promise<void> {
  await page.getByLabel('Photo files').setInputFiles(files);
}

export async function openView(
  page: Page,
  name: 'Restore' | 'Galleries' | 'Models' | 'Settings',
): Promise<void> {
  const link = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name });
  await link.click();
  // The address changes first, the view with the next rendering: until then the old view's inputs are there.
  await expect(link).toHaveAttribute('aria-current', 'page');
}

/** Adds photos through the file picker. */
export async function addPhotos(page: Page, files: string[]): Promise<void> {
  await page.getByLabel('Photo files').setInputFiles(files);
}

/** A photo in the list, by the state its label tells. */
export function inList(page: Page, photo: string, state = '') {
  // Photos' names hold no characters but dots that mean something in a pattern.
  const pattern = `^${photo.replaceAll('.', '\\.')}: .*${state}`;
  return page.getByRole('region', { name: 'Photos' }).getByRole('button', { name: new RegExp(pattern) });
}

export async function waitUntilRestored(page: Page, photo: string): Promise<void> {
  await expect(inList(page, photo, 'Restored')).toBeVisible({ timeout: RESTORED_MS });
}

/** Drags files and folders of this computer over the window and lets them go, as the desktop does. */
export async function dropOnWindow(page: Page, paths: string[]): Promise<void> {
  await drag(page, paths, ['dragEnter', 'dragOver', 'drop']);
}

export async function dragOverWindow(page: Page, paths: string[]): Promise<void> {
  await drag(page, paths, ['dragEnter', 'dragOver']);
}

async function drag(
  page: Page,
  paths: string[],
  types: ('dragEnter' | 'dragOver' | 'drop')[],
): Promise<void> {
  const { width, height } = page.viewportSize()!;
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of types) {
    await session.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  }
  await session.detach();
}

/** The output of a photo's first job, as it lies in the library. */
export function restoredFile(library: string, photo: string): string {
  const jobs = rows<{ output: string; name: string }>(
    library,
    'SELECT output, photo.name FROM job JOIN photo ON photo.id = photo_id ORDER BY job.rowid',
  );
  return jobs.find(({ name }) => name === photo)!.output;
}

/** Waits until every picture that is compared is drawn in its own pixels, and no longer as a copy of it. */
export async function sharpEverywhere(picture: Locator): Promise<void> {
  await expect(picture.locator('[data-layer]').first()).toBeAttached();
  await expect(picture.locator('[data-layer][data-sharp="false"]')).toHaveCount(0, { timeout: 60_000 });
}
