import { onTestFinished, vi } from 'vitest';
import { catalogueEntry } from '../../src/core/models/catalogue.ts';
import { type HubServer, startHub } from './hub-server.ts';
import { knownTokensModel } from './known-tokens.ts';

/** The catalogue's DINOv2, and where the hub has it. */
export const DINO = catalogueEntry('dinov2-small');
export const DINO_NAME = `${DINO.source.repository}/${DINO.source.path}`;

/** A hub with this content for DINOv2, which this process asks until the test has finished. */
export async function hubOfModels(content: Buffer = knownTokensModel()): Promise<HubServer> {
  const hub = await startHub({ [DINO_NAME]: content });
  vi.stubEnv('HF_ENDPOINT', hub.url);
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy']) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toUpperCase(), undefined);
  }
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await hub.close();
  });
  return hub;
}
