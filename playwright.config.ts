import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** With RASR_TOUR set, screenshots of every view are made instead of the tests being run. */
const tour = process.env.RASR_TOUR !== undefined;

/** Debian's Chromium, the one RASR_CHROMIUM names, or else an installed Chrome: no browser is downloaded. */
const chromium = process.env.RASR_CHROMIUM ?? '/usr/bin/chromium';

/** Drives the real window through `rasr serve` in a Chromium that is installed already. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: tour ? '*.tour.ts' : '*.spec.ts',
  outputDir: 'test-results',
  // Restorations use every core; two at a time would only make each other slower.
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env.CI !== undefined,
  // On a crowded machine a browser may fail to start: once more, and reported as flaky.
  retries: process.env.CI !== undefined ? 1 : 0,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    contextOptions: { reducedMotion: 'reduce' },
    acceptDownloads: true,
    trace: 'retain-on-failure',
    ...(existsSync(chromium) ? {} : { channel: 'chrome' }),
    launchOptions: {
      ...(existsSync(chromium) ? { executablePath: chromium } : {}),
      args: ['--no-sandbox'],
    },
  },
});
