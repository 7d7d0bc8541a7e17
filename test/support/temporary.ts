import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

/** A fresh folder, removed when the test has finished. */
export async function temporaryFolder(): Promise<string> {
  const folder = await makeFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** A fresh folder for all tests of a file, removed after the last. Call it at the top of the file. */
export async function sharedFolder(): Promise<string> {
  const folder = await makeFolder();
  afterAll(() => removeFolder(folder));
  return folder;
}

function makeFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'rasr-test-'));
}

function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
