import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../../../src/core/engine.ts';
import { isKind } from '../../../../src/core/models/bundle.ts';
import { chooseDevice } from '../../../../src/core/models/device.ts';
import type { PullState } from '../../../../src/core/models/model-pulls.ts';
import { Retriever } from '../../../../src/core/retrieval/retriever.ts';
import { openEngine, temporaryEngine } from '../../../support/engine.ts';
import { DINO, hubOfModels } from '../../../support/hub-of-models.ts';
import { FIRST_TOKEN_WEIGHTS, knownTokensModel, TOKEN_LENGTH } from '../../../support/known-tokens.ts';
import { cloth, writePicture } from '../../../support/pictures.ts';
import { expectRefusal } from '../../../support/refusal.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const { id, preprocessing } = DINO.manifest;

async function stateOf(engine: Engine): Promise<PullState | undefined> {
  return (await engine.pulls.list()).find(({ entry }) => entry.manifest.id === id)?.state;
}

/** The first state of the download that `wanted` takes; undefined is a model that is installed. */
async function state(engine: Engine, wanted: (state: PullState | undefined) => boolean) {
  for (;;) {
    const changed = once(engine.pulls.events, 'change');
    const now = await stateOf(engine);
    if (wanted(now)) return now;
    await changed;
  }
}

describe('ModelPulls', () => {
  it('puts a model on the shelf of the running engine, and in use only when asked', async () => {
    await hubOfModels();
    const engine = await temporaryEngine();
    const before = engine.activeRetriever().manifest.id;
    expect(await stateOf(engine)).toEqual({ kind: 'available', kept: 0 });
    engine.pulls.start(id);
    await state(engine, (now) => now === undefined);
    expect(engine.activeRetriever().manifest.id).toBe(before);
    engine.useModel(id);
    await vi.waitFor(() => expect(engine.activeRetriever().manifest.id).toBe(id), 30_000);

    const folder = await temporaryFolder();
    const files = await Promise.all(
      ['a.png', 'b.png'].map((name, i) => writePicture(path.join(folder, name), 300, 260, cloth(1 + 3 * i))),
    );
    const items = files.map((file) => ({ file, gallery: 'Two' }));
    for await (const outcome of engine.importReferences(items)) expect(outcome.kind).toBe('added');
    const matches = await engine.search(files[1]!, { galleryId: null, count: 2 });
    expect(matches[0]!.reference.name).toBe('b.png');
    expect(matches[0]!.similarity).toBeGreaterThan(0.999);
  });

  it('gives the first token as the embedding, at unit length', async () => {
    await hubOfModels();
    const engine = await temporaryEngine();
    const bundle = await engine.pulls.pull(id, () => {}, new AbortController().signal);
    if (!isKind(bundle, 'retriever')) throw new Error('DINOv2 is a retriever.');
    const folder = await temporaryFolder();
    const colours = [
      [200, 40, 90],
      [10, 220, 130],
    ] as const;
    const files = await Promise.all(
      colours.map(([r, g, b], i) =>
        writePicture(path.join(folder, `${i}.png`), 100 + 300 * i, 120, () => [r / 255, g / 255, b / 255]),
      ),
    );
    const retriever = await Retriever.load(bundle, chooseDevice());
    const vectors = await retriever.embed(files).finally(() => retriever.release());
    vectors.forEach((vector, n) => {
      const expected = unit(
        Array.from({ length: TOKEN_LENGTH }, (_, i) =>
          colours[n]!.reduce((sum, value, c) => {
            const input = (value / 255 - preprocessing.mean[c]!) / preprocessing.std[c]!;
            return sum + input * FIRST_TOKEN_WEIGHTS[c * TOKEN_LENGTH + i]!;
          }, 0),
        ),
      );
      expect(vector).toHaveLength(TOKEN_LENGTH);
      for (let i = 0; i < TOKEN_LENGTH; i++) expect(vector[i]).toBeCloseTo(expected[i]!, 4);
    });
  });

  it('refuses a model whose output is not what its manifest promises', async () => {
    await hubOfModels();
    const engine = await temporaryEngine();
    const bundle = await engine.pulls.pull(id, () => {}, new AbortController().signal);
    if (!isKind(bundle, 'retriever')) throw new Error('DINOv2 is a retriever.');
    const file = await writePicture(path.join(await temporaryFolder(), 'a.png'), 60, 60);
    for (const embedding of [
      { dimension: 384, pooling: 'none' },
      { dimension: 256, pooling: 'cls' },
    ] as const) {
      const retriever = await Retriever.load(
        { ...bundle, manifest: { ...bundle.manifest, embedding } },
        chooseDevice(),
      );
      const embedded = retriever.embed([file]).finally(() => retriever.release());
      await expectRefusal(embedded, 'BUNDLE_INVALID', '[1, 257, 384]');
    }
  });

  it('stops when told, keeps what arrived, and goes on with it', async () => {
    const hub = await hubOfModels(knownTokensModel(800_000));
    hub.behaviour.pauseMs = 10;
    const library = await temporaryFolder();
    const engine = await openEngine(library);
    engine.pulls.start(id);
    await state(engine, (now) => now?.kind === 'running' && now.done > 100_000);
    await engine.pulls.cancel(id);
    const stopped = await stateOf(engine);
    expect(stopped).toMatchObject({ kind: 'available' });
    const { kept } = stopped as Extract<PullState, { kind: 'available' }>;
    // What was told to have arrived is on its way to the disk, the last pieces perhaps not yet there.
    expect(kept).toBeGreaterThan(50_000);
    await engine.close();

    hub.behaviour.pauseMs = 0;
    const again = await openEngine(library);
    expect(await stateOf(again)).toEqual({ kind: 'available', kept });
    again.pulls.start(id);
    await state(again, (now) => now === undefined);
    expect(hub.starts).toEqual([0, kept]);
    await again.close();
  });

  it('ends with the engine', async () => {
    const hub = await hubOfModels(knownTokensModel(800_000));
    hub.behaviour.pauseMs = 50;
    const engine = await openEngine(await temporaryFolder());
    engine.pulls.start(id);
    await state(engine, (now) => now?.kind === 'running' && now.done > 0);
    await engine.close();
    const { length } = hub.starts;
    expect(await stateOf(engine)).toMatchObject({ kind: 'available' });
    expect(length).toBe(1);
  });

  it('tells of a failure until it is tried again', async () => {
    const hub = await hubOfModels();
    hub.behaviour.status = 403;
    const engine = await temporaryEngine();
    engine.pulls.start(id);
    const failed = await state(engine, (now) => now?.kind === 'failed');
    expect(failed).toMatchObject({ error: { code: 'DOWNLOAD_FAILED' } });
    hub.behaviour.status = null;
    engine.pulls.start(id);
    await state(engine, (now) => now === undefined);
    expect(engine.models.byId(id).manifest.title).toBe(DINO.manifest.title);
  });

  it('names what can be downloaded where something else is asked for', async () => {
    const engine = await temporaryEngine();
    const refusal = await expectRefusal(() => engine.pulls.start('gpt'), 'BUNDLE_MISSING', '"gpt"');
    expect(refusal.remedy).toContain(id);
  });
});

function unit(vector: number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
