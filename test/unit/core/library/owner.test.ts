import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { APP_ROOT } from '../../../../src/core/app-info.ts';
import { claimQueue } from '../../../../src/core/library/owner.ts';
import { LibraryPaths } from '../../../../src/core/library/paths.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

/** A process of its own that claims a library's queue, keeps nothing of the claim and holds it until it ends. */
async function claimElsewhere(folder: string) {
  const url = (file: string) =>
    JSON.stringify(`file://${path.join(APP_ROOT, 'src', 'core', 'library', file)}`);
  const program = `
    const { claimQueue } = await import(${url('owner.ts')});
    const { LibraryPaths } = await import(${url('paths.ts')});
    try { claimQueue(new LibraryPaths(process.argv[1])); gc(); console.log('claimed'); setInterval(() => {}, 1e6); }
    catch (error) { console.log(error.code); }`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', program, folder], {
    cwd: APP_ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: said.toString().trim() };
}

describe('claimQueue', () => {
  it('refuses a second claim in this process until the first is released', async () => {
    const paths = new LibraryPaths(await temporaryFolder());
    const claim = claimQueue(paths);
    await expectRefusal(() => claimQueue(paths), 'LIBRARY_UNUSABLE', paths.root);
    claim.release();
    claimQueue(paths).release();
  });

  it('refuses another process while this one holds it', async () => {
    const folder = await temporaryFolder();
    const claim = claimQueue(new LibraryPaths(folder));
    expect((await claimElsewhere(folder)).said).toBe('LIBRARY_UNUSABLE');
    claim.release();
    expect((await claimElsewhere(folder)).said).toBe('claimed');
  });

  it('is free again once its holder was killed', async () => {
    const folder = await temporaryFolder();
    const paths = new LibraryPaths(folder);
    const { child, said } = await claimElsewhere(folder);
    expect(said).toBe('claimed');
    await expectRefusal(() => claimQueue(paths), 'LIBRARY_UNUSABLE', folder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    claimQueue(paths).release();
  });
});
