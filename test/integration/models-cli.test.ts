import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { findBundles } from '../../src/core/models/bundle.ts';
import { verifyBundle } from '../../src/core/models/verify.ts';
import { rasr, startCli } from '../support/cli.ts';
import { DINO, hubOfModels } from '../support/hub-of-models.ts';
import type { HubServer } from '../support/hub-server.ts';
import { knownTokensModel } from '../support/known-tokens.ts';
import { temporaryFolder } from '../support/temporary.ts';

const { id, title } = DINO.manifest;

let hub: HubServer;
let library: string;
let models: string;
beforeEach(async () => {
  hub = await hubOfModels(knownTokensModel(2_000_000));
  library = await temporaryFolder();
  models = path.join(library, 'models');
});

const run = (...args: string[]) => rasr(['--library', library, 'models', ...args]);

/** Starts a slow download and waits until some of it has arrived. */
async function pullHalf() {
  hub.behaviour.pauseMs = 50;
  const pulling = startCli(['--library', library, 'models', 'pull', id]);
  await vi.waitFor(() => expect(hub.sent()).toBeGreaterThan(300_000), 60_000);
  return pulling;
}

async function expectNothingInstalled(): Promise<void> {
  expect(await findBundles([models])).toEqual({ bundles: [], broken: [] });
}

async function expectContinued(): Promise<void> {
  hub.behaviour.pauseMs = 0;
  expect((await run('list')).stdout).toMatch(/To download: .* of it here: rasr models pull/);
  expect(await run('pull', id)).toMatchObject({ code: 0, stderr: '' });
  expect(hub.starts).toHaveLength(2);
  expect(hub.starts[1]).toBeGreaterThan(200_000);
  const { bundles } = await findBundles([models]);
  await verifyBundle(bundles[0]!);
  const folders = await readdir(models);
  expect(folders.filter((name) => !name.startsWith('.'))).toEqual([id]);
}

describe('rasr models pull', () => {
  it('downloads a model, which can be used then', async () => {
    expect((await run('list')).stdout).toContain(`rasr models pull ${id}`);
    const pulled = await run('pull', id);
    expect(pulled).toMatchObject({ code: 0, stderr: '' });
    expect(pulled.stdout).toBe(
      `${title} is installed. Make it the retriever with "rasr models use ${id}".\n`,
    );
    expect((await run('use', id)).stdout).toContain(id);
    const { stdout } = await run('list');
    expect(stdout).toMatch(new RegExp(`${id} .*in use`));
    expect(stdout).not.toContain('To download');
    expect((await run('verify')).stdout).toContain(`${id} 1.0.0: intact`);
  });

  it('leaves nothing half installed when it is killed, and goes on from there', async () => {
    const { child, ended } = await pullHalf();
    child.kill('SIGKILL');
    await ended;
    await expectNothingInstalled();
    await expectContinued();
  });

  it.skipIf(process.platform === 'win32')('stops at Ctrl-C, says so, and goes on from there', async () => {
    const { child, ended } = await pullHalf();
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toBe(
      `rasr: The download of ${title} was stopped. Download again: it goes on where it stopped.\n`,
    );
    await expectNothingInstalled();
    await expectContinued();
  });

  it('says in one line that there is no network, and what to do', async () => {
    await hub.close();
    const { code, stderr, stdout } = await run('pull', id);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^rasr: 127\.0\.0\.1:\d+ does not answer \(.*\)\. Check the connection.*\n$/);
    expect((await run('list')).code).toBe(0);
  });

  it('names the models there are where another is asked for', async () => {
    const { code, stderr } = await run('pull', 'gpt');
    expect(code).toBe(2);
    expect(stderr).toContain(id);
  });
});
