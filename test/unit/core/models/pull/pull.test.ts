import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { APP_ROOT } from '../../../../../src/core/app-info.ts';
import { findBundles } from '../../../../../src/core/models/bundle.ts';
import { pullBundle } from '../../../../../src/core/models/pull/pull.ts';
import { Staging } from '../../../../../src/core/models/pull/staging.ts';
import { verifyBundle } from '../../../../../src/core/models/verify.ts';
import { DINO, DINO_NAME, hubOfModels } from '../../../../support/hub-of-models.ts';
import type { HubServer } from '../../../../support/hub-server.ts';
import { expectRefusal } from '../../../../support/refusal.ts';
import { temporaryFolder } from '../../../../support/temporary.ts';

const CONTENT = randomBytes(500_000);
const PATIENCE = { tries: 3, pauseMs: 5, stallMs: 5_000 };

let hub: HubServer;
let models: string;
beforeEach(async () => {
  hub = await hubOfModels(CONTENT);
  models = path.join(await temporaryFolder(), 'models');
});

const pull = (
  onBytes: (done: number, total: number) => void = () => {},
  signal = new AbortController().signal,
  patience = PATIENCE,
) => pullBundle(DINO, models, onBytes, signal, patience);

/** Pulls from a slow hub and stops once `bytes` have arrived. */
async function pullUntil(bytes: number): Promise<void> {
  const abort = new AbortController();
  hub.behaviour.pauseMs = 5;
  const pulling = pull((done) => done >= bytes && abort.abort(), abort.signal);
  await expectRefusal(pulling, 'CANCELLED', DINO.manifest.title);
  hub.behaviour.pauseMs = 0;
}

const lock = () => new Staging(models, DINO.manifest.id).lock;
/** The folder of what has arrived. */
const waiting = async () => (await readdir(models)).find((name) => name.startsWith('.pull-'))!;
const kept = () => new Staging(models, DINO.manifest.id).keptBytes();

/** Nothing that anybody would take for a bundle lies there. */
async function expectNothingInstalled(): Promise<void> {
  expect(await findBundles([models])).toEqual({ bundles: [], broken: [] });
  expect(existsSync(path.join(models, DINO.manifest.id))).toBe(false);
}

async function expectInstalled(content = CONTENT): Promise<void> {
  const { bundles, broken } = await findBundles([models]);
  expect(broken).toEqual([]);
  expect(bundles.map(({ manifest }) => manifest.id)).toEqual([DINO.manifest.id]);
  await verifyBundle(bundles[0]!);
  expect(await readFile(path.join(bundles[0]!.folder, 'model.onnx'))).toEqual(content);
  expect(await readdir(models)).toEqual([path.basename(lock()), DINO.manifest.id]);
}

describe('pullBundle', () => {
  it('fetches, verifies and installs, telling how far it is', async () => {
    const seen: [number, number][] = [];
    const bundle = await pull((...bytes) => seen.push(bytes));
    await expectInstalled();
    expect(seen[0]).toEqual([0, CONTENT.length]);
    expect(seen.at(-1)).toEqual([CONTENT.length, CONTENT.length]);
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).toSorted((a, b) => a - b));
    expect(seen.length).toBeGreaterThan(5);
    expect(bundle.manifest.files).toEqual([
      { path: 'model.onnx', bytes: CONTENT.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect(bundle.manifest.provenance).toMatchObject({ notes: expect.stringContaining('not measured') });
  });

  it('leaves an intact bundle as it is, without asking anybody', async () => {
    await pull();
    await hub.close();
    await pull();
    expect(hub.starts).toEqual([0]);
  });

  it('fetches a damaged bundle again', async () => {
    await pull();
    await appendFile(path.join(models, DINO.manifest.id, 'model.onnx'), 'x');
    await pull();
    await expectInstalled();
  });

  it('takes a connection that breaks up again where it broke', async () => {
    hub.behaviour.dropAfter = 200_000;
    await pull();
    await expectInstalled();
    expect(hub.starts[0]).toBe(0);
    expect(hub.starts.length).toBeGreaterThanOrEqual(3);
    expect(hub.starts).toEqual([...new Set(hub.starts)].sort((a, b) => a - b));
  });

  it('goes on after a stop where it stopped', async () => {
    await pullUntil(200_000);
    await expectNothingInstalled();
    const before = await kept();
    expect(before).toBeGreaterThanOrEqual(100_000);
    expect(before).toBeLessThan(CONTENT.length);
    const seen: number[] = [];
    await pull((done) => seen.push(done));
    await expectInstalled();
    expect(seen[0]).toBe(before);
    expect(hub.starts).toEqual([0, before]);
  });

  it('finishes what was whole already but not yet installed', async () => {
    await pullUntil(200_000);
    const folder = await waiting();
    await writeFile(path.join(models, folder, 'model.onnx'), CONTENT);
    await pull();
    await expectInstalled();
    expect(hub.starts).toEqual([0]);
  });

  it('never joins bytes of two versions', async () => {
    await pullUntil(200_000);
    const newer = randomBytes(400_000);
    hub.put(DINO_NAME, newer);
    await pull();
    await expectInstalled(newer);
    expect(hub.starts).toEqual([0, 0]);
  });

  it('throws bytes away that were damaged while they waited', async () => {
    await pullUntil(200_000);
    const folder = await waiting();
    const partial = path.join(models, folder, 'model.onnx');
    const bytes = await readFile(partial);
    bytes[1000]! ^= 1;
    await writeFile(partial, bytes);
    await expectRefusal(pull(), 'DOWNLOAD_CORRUPT', DINO_NAME);
    await expectNothingInstalled();
    expect(await kept()).toBe(0);
    await pull();
    await expectInstalled();
  });

  it('begins anew where the server knows no ranges', async () => {
    await pullUntil(200_000);
    hub.behaviour.ignoresRange = true;
    await pull();
    await expectInstalled();
  });

  it('gives up on a server that knows no ranges and never comes further', async () => {
    Object.assign(hub.behaviour, { ignoresRange: true, dropAfter: 100_000 });
    await expectRefusal(pull(), 'DOWNLOAD_FAILED', '127.0.0.1');
    await expectNothingInstalled();
  });

  it('never installs bytes other than the hub promised', async () => {
    hub.behaviour.wrongFrom = 400_000;
    await expectRefusal(pull(), 'DOWNLOAD_CORRUPT', 'hash');
    await expectNothingInstalled();
    hub.behaviour.wrongFrom = null;
    await pull();
    await expectInstalled();
  });

  it('refuses more bytes than the hub promised', async () => {
    hub.claim = { size: 300_000 };
    await expectRefusal(pull(), 'DOWNLOAD_CORRUPT', '300000');
    await expectNothingInstalled();
    expect(await kept()).toBe(0);
  });

  it('makes no folder of what is no hash', async () => {
    hub.claim = { oid: '/../../../outside' };
    await expectRefusal(pull(), 'DOWNLOAD_FAILED', 'SHA-256');
    expect(await readdir(models)).toEqual([path.basename(lock())]);
  });

  it.each([401, 403, 404, 410])('tells of status %i at once', async (status) => {
    hub.behaviour.status = status;
    await expectRefusal(pull(), 'DOWNLOAD_FAILED', String(status));
    await expectNothingInstalled();
    expect(hub.starts).toHaveLength(1);
  });

  it.each([429, 500, 503])('tries again at status %i, and tells then', async (status) => {
    hub.behaviour.status = status;
    await expectRefusal(pull(), 'DOWNLOAD_FAILED', String(status));
    expect(hub.starts).toHaveLength(PATIENCE.tries);
  });

  it('tells that a file is not on the hub', async () => {
    const elsewhere = { ...DINO, source: { ...DINO.source, path: 'onnx/gone.onnx' } };
    const pulling = pullBundle(elsewhere, models, () => {}, new AbortController().signal);
    await expectRefusal(pulling, 'DOWNLOAD_FAILED', 'gone.onnx');
  });

  it('tells that there is no network, and that work goes on', async () => {
    await hub.close();
    const refusal = await expectRefusal(pull(), 'DOWNLOAD_FAILED', new URL(hub.url).host);
    expect(refusal.remedy).toContain('go on working');
    await expectNothingInstalled();
  });

  it('stops while the hub keeps it waiting', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    vi.stubEnv('HF_ENDPOINT', `http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await expectRefusal(pull(undefined, abort.signal), 'CANCELLED');
    silent.closeAllConnections();
  });

  it('gives up on a connection in which nothing moves', async () => {
    hub.behaviour.pauseMs = 2_000;
    const pulling = pull(undefined, undefined, { tries: 1, pauseMs: 5, stallMs: 200 });
    await expectRefusal(pulling, 'DOWNLOAD_FAILED', 'no byte arrives');
  });

  it('leaves a bundle to whoever is fetching it, on this library or in another process', async () => {
    hub.behaviour.pauseMs = 5;
    const begun = Promise.withResolvers<void>();
    const first = pull(() => begun.resolve());
    await begun.promise;
    await expectRefusal(pull(), 'ENGINE_BUSY', 'being downloaded by another RASR');
    const script = `
      const { tryClaim } = await import(${JSON.stringify(`file://${APP_ROOT}/src/core/files/claim.ts`)});
      console.log(tryClaim(process.argv[1]) === undefined);`;
    const elsewhere = spawnSync(process.execPath, ['--input-type=module', '--eval', script, lock()]);
    expect(elsewhere.stdout.toString().trim()).toBe('true');
    await first;
    await expectInstalled();
    expect(hub.starts).toEqual([0]);
  });

  it('tells before it begins that the disk is too small', async () => {
    hub.claim = { size: 1e17 };
    await expectRefusal(pull(), 'NO_SPACE', '100000000000.0 MB');
    expect(hub.starts).toEqual([]);
  });

  it('tells that the folder cannot be written to', async () => {
    await mkdir(path.dirname(models), { recursive: true });
    await writeFile(models, 'a file where the folder should be');
    await expectRefusal(pull(), 'OUTPUT_UNWRITABLE', models);
  });

  it('goes through the proxy of the environment, but to hosts that NO_PROXY names', async () => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request: IncomingMessage, client: Socket) => {
      asked.push(request.url!);
      const onward = connect(Number(new URL(hub.url).port), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(onward).pipe(client);
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);

    vi.stubEnv('HF_ENDPOINT', 'http://hub.invalid');
    await pull();
    await expectInstalled();
    expect(new Set(asked)).toEqual(new Set(['hub.invalid:80']));

    asked.length = 0;
    vi.stubEnv('NO_PROXY', '127.0.0.1');
    vi.stubEnv('HF_ENDPOINT', hub.url);
    models = path.join(models, 'direct');
    await pull();
    await expectInstalled();
    expect(asked).toEqual([]);
  });
});
