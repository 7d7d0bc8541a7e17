import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Engine } from '../../src/core/engine.ts';
import { readBundle } from '../../src/core/models/bundle.ts';
import type { ReferenceChoice } from '../../src/core/restoration/references.ts';
import type { ManifestJson } from '../support/bundles.ts';
import { copyBundle } from '../support/bundles.ts';
import { openEngine } from '../support/engine.ts';
import { CHAIN_AMPLITUDE, writeKnownChain } from '../support/known-chain.ts';
import { asSeen, gradient, type Painter, paint, writePicture } from '../support/pictures.ts';
import { expectRefusal } from '../support/refusal.ts';
import { filesBelow } from '../support/snapshot-of-files.ts';
import { temporaryFolder } from '../support/temporary.ts';

// A generator of several graphs, as large diffusion models come: what each is fed, and in which order.

let folder: string;
let library: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  library = path.join(folder, 'library');
});

async function start(amplitude?: number): Promise<Engine> {
  await writeKnownChain(path.join(library, 'models', 'known'), amplitude);
  const engine = await openEngine(library);
  onTestFinished(() => engine.close().catch(() => {}));
  // biome-ignore lint/correctness/useHookAtTopLevel: no React hook, a model's name
  await engine.useModel('known-chain');
  return engine;
}

const plain =
  (value: number): Painter =>
  () => [value, value, value];

async function restore(engine: Engine, painter: Painter, references: ReferenceChoice, strength = 1) {
  const photo = await writePicture(path.join(folder, 'photo.png'), 150, 40, painter);
  const { output } = await engine.restore({
    photo,
    scale: 4,
    references,
    referenceStrength: strength,
    outputFolder: await temporaryFolder(),
    nameTemplate: '{name}',
    format: 'png',
    ifExists: 'refuse',
  });
  return (await asSeen(output)).data;
}

/** Half the step from one pixel of the output to the next, 0…1. */
const textureHeight = (data: Uint8Array) => Math.abs(data[0]! - data[3]!) / 510;

describe('a chain of graphs', () => {
  it('without a reference repeats every pixel, over several tiles', async () => {
    const data = await restore(await start(), gradient, { kind: 'none' });
    const small = paint(150, 40, gradient);
    for (let i = 0; i < data.length; i++) {
      const [pixel, channel] = [Math.trunc(i / 3), i % 3];
      const [x, y] = [Math.trunc((pixel % 600) / 4), Math.trunc(pixel / 600 / 4)];
      const wanted = small[(y * 150 + x) * 3 + channel]!;
      if (Math.abs(data[i]! - wanted) > 1) throw new Error(`sample ${i} is ${data[i]}, not ${wanted}`);
    }
  });

  it('shows the reference as strongly as is asked, and at strength 0 exactly what it shows without', async () => {
    const engine = await start();
    const file = await writePicture(path.join(folder, 'reference.png'), 160, 128, plain(0.8));
    const named: ReferenceChoice = { kind: 'file', file };
    for (const strength of [1, 0.5]) {
      const data = await restore(engine, plain(0.5), named, strength);
      expect(textureHeight(data)).toBeCloseTo(CHAIN_AMPLITUDE * 0.8 * strength, 2);
    }
    expect(await restore(engine, plain(0.5), named, 0)).toEqual(
      await restore(engine, plain(0.5), { kind: 'none' }),
    );
  });

  it('encodes a reference once: after a restart its map comes from the library', async () => {
    const file = await writePicture(path.join(folder, 'reference.png'), 160, 128, plain(0.8));
    const named: ReferenceChoice = { kind: 'file', file };
    const engine = await start();
    expect(textureHeight(await restore(engine, plain(0.5), named))).toBeCloseTo(CHAIN_AMPLITUDE * 0.8, 2);
    const { hash } = engine.activeGenerator();
    await engine.close();
    const [cached, ...others] = (await filesBelow(library)).filter((each) => each.includes(hash));
    expect(others).toEqual([]);
    // What lies there is what counts: the encoder is not asked again.
    await writeFile(path.join(library, cached!), new Float32Array(12).fill(0.4));
    const again = await openEngine(library);
    onTestFinished(() => again.close());
    expect(textureHeight(await restore(again, plain(0.5), named))).toBeCloseTo(CHAIN_AMPLITUDE * 0.4, 2);
  });

  it('takes its constants from the manifest, and other ones make it another model', async () => {
    const file = await writePicture(path.join(folder, 'reference.png'), 160, 128, plain(1));
    const engine = await start(0.1);
    expect(textureHeight(await restore(engine, plain(0.5), { kind: 'file', file }))).toBeCloseTo(0.1, 2);
    const { hash } = engine.activeGenerator();
    const other = path.join(folder, 'other');
    await copyBundle(engine.activeGenerator(), other, (manifest) => {
      manifest.constants[0].values = [0.3];
    });
    expect((await readBundle(other)).hash).not.toBe(hash);
  });
});

describe('the manifest of a chain', () => {
  const wrong: [string, (manifest: ManifestJson) => void, string][] = [
    ['no reference-encoder', (m) => void m.graphs.shift(), 'none has the role reference-encoder'],
    ['a role twice', (m) => Object.assign(m.graphs[1], { role: 'unet' }), 'two have the role unet'],
    ['graphs in a wrong order', (m) => m.graphs.push(m.graphs.splice(1, 1)[0]), 'unet asks for board'],
    ['a constant nobody gives', (m) => Object.assign(m, { constants: [] }), 'asks for amplitude'],
    ['a constant of another shape', (m) => Object.assign(m.constants[0], { dims: [2] }), 'dims do not fit'],
    ['a constant in the photo’s place', (m) => Object.assign(m.constants[0], { name: 'lr' }), 'named lr'],
    ['an output named as a feature', (m) => m.graphs[1].outputs.push('reference_latent'), 'two tensors'],
    ['a feature nobody encodes', (m) => m.graphs[0].outputs.splice(0, 1, 'z'), 'no output reference_latent'],
    [
      'a chain that no strength reaches',
      (m) => {
        m.graphs[2].inputs = ['reference_latent', 'amplitude'];
      },
      'none asks for reference_strength',
    ],
    ['maps of several references', (m) => Object.assign(m.reference, { maxReferences: 2 }), 'maxReferences'],
  ];

  it.each(wrong)('with %s is refused, and told why', async (_what, change, told) => {
    const known = path.join(folder, 'known');
    await writeKnownChain(known);
    const broken = await copyBundle(await readBundle(known), path.join(folder, 'broken'), change);
    await expectRefusal(readBundle(broken), 'BUNDLE_INVALID', told);
    await rm(known, { recursive: true });
  });
});
