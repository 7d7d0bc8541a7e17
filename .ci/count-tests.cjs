'use strict';
// Adds up the closing lines of vitest, Playwright and pytest in a log and prints "N passed, N failed".
// Fails where a runner's line is missing or counts a failure, so that a run that never happened is no success.
const { readFileSync } = require('node:fs');
const { stripVTControlCharacters } = require('node:util');

const log = stripVTControlCharacters(readFileSync(process.argv[2], 'utf8'));

/** The runners by the line each ends with. Playwright gives a line a state. */
const RUNNERS = {
  vitest: /^\s*Tests\s+(?=.*\b(?:passed|failed)\b).*$/gm,
  Playwright: /^\s+\d+ (?:passed|failed|flaky|skipped)\b.*$/gm,
  pytest: /^=*\s*\d+ (?:passed|failed|error).* in [\d.]+s.*$/gm,
};

const total = { passed: 0, failed: 0, skipped: 0 };
let missing = 0;
for (const [runner, line] of Object.entries(RUNNERS)) {
  const lines = log.match(line);
  if (lines === null) {
    console.error(`${runner} printed no closing line`);
    missing++;
    continue;
  }
  for (const [, count, state] of lines.join('\n').matchAll(/(\d+) (passed|failed|errors?|flaky|skipped)/g)) {
    const key = state === 'flaky' ? 'passed' : state.startsWith('error') ? 'failed' : state;
    total[key] += Number(count);
  }
}
console.log(`${total.passed} passed, ${total.failed + missing} failed, ${total.skipped} skipped`);
process.exitCode = total.failed + missing > 0 ? 1 : 0;
