import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { APP_ROOT } from '../../../../src/core/app-info.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const MODULE = JSON.stringify(`file://${path.join(APP_ROOT, 'src', 'core', 'library', 'database.ts')}`);
const LIBRARIES = 40;

/** Opens one new library after another, each at an agreed time, and tells how many it could not open. */
const PROGRAM = `
  const { openDatabase } = await import(${MODULE});
  const [folder, start] = process.argv.slice(1);
  let failed = 0;
  for (let i = 0; i < ${LIBRARIES}; i++) {
    while (Date.now() < Number(start) + i * 40);
    try { openDatabase(folder + '/' + i + '/library.db').close(); } catch { failed++; }
  }
  console.log(failed);`;

describe('openDatabase', () => {
  it('makes a library that two processes open at the same time', async () => {
    const folder = await temporaryFolder();
    const start = String(Date.now() + 1500);
    const failed = await Promise.all(
      [0, 1].map(async () => {
        const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, folder, start], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
        return said.trim();
      }),
    );
    expect(failed).toEqual(['0', '0']);
  });
});
