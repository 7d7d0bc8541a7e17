import { rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Engine } from '../../src/core/engine.ts';
import type { RestorationRequest } from '../../src/core/restoration/restore.ts';
import { copyBundle, embeddedBundle } from '../support/bundles.ts';
import { linesOf, rasr } from '../support/cli.ts';
import { openEngine } from '../support/engine.ts';
import { type KnownFault, TEXTURE_AMPLITUDE, writeKnownGenerator } from '../support/known-generator.ts';
import { asSeen, gradient, type Painter, paint, picture, writePicture } from '../support/pictures.ts';
import { expectRefusal } from '../support/refusal.ts';
import { filesBelow } from '../support/snapshot-of-files.ts';
import { temporaryFolder } from '../support/temporary.ts';

// A hand-made generator through the whole engine: what trained weights can only be asked to resemble is
// exact here, and it can be made to fail.

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

async function start(fault: KnownFault = 'none', detail: number | null = null): Promise<Engine> {
  const library = path.join(folder, 'library');
  await writeKnownGenerator(path.join(library, 'models', 'known'), fault, detail);
  const engine = await openEngine(library);
  onTestFinished(() => engine.close().catch(() => {}));
  // biome-ignore lint/correctness/useHookAtTopLevel: no React hook, a model's name
  await engine.useModel('known-generator');
  return engine;
}

async function request(
  width: number,
  height: number,
  painter: Painter,
  change: Partial<RestorationRequest> = {},
) {
  const photo = await writePicture(path.join(folder, 'in', `${width}x${height}.png`), width, height, painter);
  return {
    photo,
    scale: 4,
    references: { kind: 'none' },
    referenceStrength: 1,
    outputFolder: path.join(folder, 'out'),
    nameTemplate: '{name}-{scale}-{gallery}',
    format: 'png',
    ifExists: 'replace',
    ...change,
  } satisfies RestorationRequest;
}

const plain =
  (value: number): Painter =>
  () => [value, value, value];

describe('a generator that repeats pixels', () => {
  it.each([
    [1, 1],
    [5, 3],
    [64, 64],
    [65, 17],
    [300, 130],
  ])('gives exactly that from %i × %i, however many tiles it took', async (width, height) => {
    const engine = await start();
    const { output, record } = await engine.restore(await request(width, height, gradient));
    const { data } = await asSeen(output);
    const small = paint(width, height, gradient);
    for (let i = 0; i < data.length; i++) {
      const [pixel, channel] = [Math.trunc(i / 3), i % 3];
      const [x, y] = [Math.trunc((pixel % (width * 4)) / 4), Math.trunc(pixel / (width * 4) / 4)];
      const wanted = small[(y * width + x) * 3 + channel]!;
      if (Math.abs(data[i]! - wanted) > 1) throw new Error(`sample ${i} is ${data[i]}, not ${wanted}`);
    }
    expect(data).toHaveLength(small.length * 16);
    expect(record.tiles > 1).toBe(width > 64 || height > 64);
    expect(record.fidelity).toBeGreaterThan(50);
  });

  it.each([1, 2] as const)('gives the photo itself, or its pixels doubled, at ×%i', async (scale) => {
    const engine = await start();
    const { output } = await engine.restore(await request(100, 70, gradient, { scale }));
    const { data } = await asSeen(output);
    const small = paint(100, 70, gradient);
    for (let i = 0; i < data.length; i++) {
      const [pixel, channel] = [Math.trunc(i / 3), i % 3];
      const [x, y] = [Math.trunc((pixel % (100 * scale)) / scale), Math.trunc(pixel / (100 * scale) / scale)];
      if (Math.abs(data[i]! - small[(y * 100 + x) * 3 + channel]!) > 1) throw new Error(`sample ${i}`);
    }
    expect(data).toHaveLength(small.length * scale * scale);
  });

  it('keeps 16 bit through all of it', async () => {
    const engine = await start();
    const photo = path.join(folder, 'deep.png');
    await picture(40, 30).linear(0.9, 10).toColourspace('rgb16').png().toFile(photo);
    const { output } = await engine.restore(await request(1, 1, gradient, { photo, scale: 1 }));
    const { decodePhoto } = await import('../../src/core/photo/decode.ts');
    const [before, after] = [await decodePhoto(photo), await decodePhoto(output)];
    expect(after.data).toBeInstanceOf(Uint16Array);
    const worst = Math.max(...[...after.data].map((value, i) => Math.abs(value - before.data[i]!)));
    expect(worst).toBeLessThan(40);
  });
});

/** Half the step from one pixel of the output to the next, 0…1. */
async function textureHeight(output: string): Promise<number> {
  const { data } = await asSeen(output);
  return Math.abs(data[0]! - data[3]!) / 2 / 255;
}

describe('a generator that paints a texture as high as its reference is bright', () => {
  /** Of this brightness on average, and in focus, as a gallery wants its pictures. */
  const checked =
    (brightness: number): Painter =>
    (x, y) => {
      const value = brightness + ((Math.floor(x * 20) + Math.floor(y * 16)) % 2 === 0 ? 0.1 : -0.1);
      return [value, value, value];
    };
  const reference = (name: string, brightness: number) =>
    writePicture(path.join(folder, 'references', name, `${name}.png`), 160, 128, plain(brightness));

  it('shows exactly the reference it was given, in every tile, and none at all without', async () => {
    const engine = await start();
    for (const brightness of [0.4, 1]) {
      const file = await reference(`b${brightness * 10}`, brightness);
      const { output, record } = await engine.restore(
        await request(150, 20, plain(0.5), { references: { kind: 'file', file } }),
      );
      const wanted = TEXTURE_AMPLITUDE * brightness;
      expect(await textureHeight(output)).toBeCloseTo(wanted, 2);
      const { data, width } = await asSeen(output);
      for (let x = 0; x + 1 < width; x++) {
        const step = Math.abs(data[x * 3]! - data[(x + 1) * 3]!) / 510;
        if (Math.abs(step - wanted) > 0.006) throw new Error(`at ${x} the texture is ${step} high`);
      }
      expect(record.decision).toBe('chosen');
    }
    const { output } = await engine.restore(await request(150, 20, plain(0.5)));
    expect(await textureHeight(output)).toBe(0);
  });

  it('is given as many references as it takes, joined, and those that were found', async () => {
    // The same retriever with the laxest threshold there is: whatever is found is like enough.
    const lax = path.join(folder, 'library', 'models', 'lax');
    await copyBundle(await embeddedBundle('retriever'), lax, (manifest) => {
      manifest.calibration.threshold = -1;
    });
    const engine = await start();
    const items = [];
    for (const brightness of [0.2, 0.4, 0.6, 0.8]) {
      const file = path.join(folder, 'references', `g${brightness * 10}.png`);
      items.push({ file: await writePicture(file, 160, 128, checked(brightness)), gallery: 'Greys' });
    }
    for await (const { kind } of engine.importReferences(items)) expect(kind).toBe('added');
    const find = { references: { kind: 'find', galleryId: null } } as const;
    const { output, record } = await engine.restore(await request(40, 40, plain(0.5), find));
    expect(record).toMatchObject({
      decision: 'found',
      references: [{ gallery: 'Greys' }, { gallery: 'Greys' }],
    });
    const [one, two] = record.references.map(({ name }) => Number(name[1]) / 10);
    expect(await textureHeight(output)).toBeCloseTo((TEXTURE_AMPLITUDE * (one! + two!)) / 2, 2);
    expect(path.basename(output)).toBe('40x40-4-Greys.png');
  });
});

describe('a generator that can be told how much detail to invent', () => {
  it.each([
    [0, 0],
    [0.25, 0.25],
    [1, 1],
    [undefined, 0.5],
  ])('is told %s, and the record says %d', async (detail, used) => {
    const engine = await start('none', 0.5);
    const { output, record } = await engine.restore(await request(150, 20, plain(0.5), { detail }));
    expect(record.detail).toBe(used);
    expect(await textureHeight(output)).toBeCloseTo(TEXTURE_AMPLITUDE * used, 2);
  });

  it('is told by jobs, which leave it to the model where nothing was chosen', async () => {
    const engine = await start('none', 0.5);
    const { photo } = await request(20, 20, plain(0.5));
    engine.resume();
    const handed = await engine.jobs.photos.add(photo);
    for (const [detail, used] of [
      [0.75, 0.75],
      [undefined, 0.5],
    ]) {
      const settings = { gallery: 'none', scale: 4, format: 'png', detail } as const;
      const [job] = engine.jobs.start([handed.id], settings);
      const done = () => engine.jobs.get(job!.id);
      await vi.waitFor(() => expect(done().state).toBe('done'), 20_000);
      expect(done().record!.detail).toBe(used);
      expect(await textureHeight(done().output!)).toBeCloseTo(TEXTURE_AMPLITUDE * used!, 2);
    }
  });

  it('is told by the command line', async () => {
    await (await start('none', 0.5)).close();
    const { photo } = await request(20, 20, plain(0.5));
    const args = ['--library', path.join(folder, 'library'), 'restore', photo, '--json', '--detail', '0.8'];
    const { code, stdout, stderr } = await rasr(args);
    expect([code, stderr]).toEqual([0, '']);
    const { output, record } = JSON.parse(stdout);
    expect(record.detail).toBe(0.8);
    expect(await textureHeight(output)).toBeCloseTo(TEXTURE_AMPLITUDE * 0.8, 2);
  });
});

describe('a generator that cannot be told how much detail to invent', () => {
  it('restores as it always does, the record says so, and the command line tells', async () => {
    const engine = await start();
    const { output, record } = await engine.restore(await request(20, 20, plain(0.5), { detail: 1 }));
    expect(record.detail).toBeNull();
    expect(await textureHeight(output)).toBe(0);
    await engine.close();
    const { photo } = await request(20, 20, plain(0.5));
    const args = ['--library', path.join(folder, 'library'), 'restore', photo, '--json', '--detail', '1'];
    const result = await rasr(args);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout).record.detail).toBeNull();
    expect(linesOf(result.stderr)).toEqual([
      'rasr: Model known-generator has no detail setting: --detail changes nothing.',
    ]);
  });
});

describe('choosing another generator', () => {
  it('while a photo is restored lets that one be finished, and counts from the next', async () => {
    const engine = await start();
    const embedded = (await embeddedBundle('generator')).manifest.id;
    const switched = await engine.restore(await request(150, 60, gradient), (progress) => {
      // biome-ignore lint/correctness/useHookAtTopLevel: no React hook, a model's name
      if (progress.stage === 'generating' && progress.done === 1) engine.useModel(embedded);
    });
    expect(switched.record).toMatchObject({ generator: { id: 'known-generator' } });
    expect(switched.record.fidelity).toBeGreaterThan(50);
    const next = await engine.restore(await request(20, 20, gradient));
    expect(next.record).toMatchObject({ generator: { id: embedded } });
  });

  it('holds for the next start; one that is gone gives way to another', async () => {
    await (await start()).close();
    const library = path.join(folder, 'library');
    const second = await openEngine(library);
    expect(second.activeGenerator().manifest.id).toBe('known-generator');
    await second.close();
    await rm(path.join(library, 'models'), { recursive: true });
    const third = await openEngine(library);
    expect(third.activeGenerator().manifest.id).toBe((await embeddedBundle('generator')).manifest.id);
    await third.close();
  });
});

describe('a generator that fails', () => {
  it.each<[KnownFault, string]>([
    ['NaN where white', 'not numbers'],
    ['infinity where white', 'not numbers'],
    ['black', 'an empty picture'],
  ])('with %s is refused by the names of photo and model, and nothing is saved', async (fault, told) => {
    const engine = await start(fault);
    // White in the last of several tiles only.
    const corner: Painter = (x, y) => (x > 0.97 && y > 0.9 ? [1, 1, 1] : gradient(x, y));
    const refusal = await expectRefusal(
      engine.restore(await request(150, 60, corner)),
      'GENERATOR_FAILED',
      '150x60.png',
    );
    expect(refusal.message).toContain('known-generator');
    expect(refusal.message).toContain(told);
    expect(refusal.message).toContain('CPU');
    expect((await filesBelow(folder)).filter((file) => file.startsWith('out'))).toEqual([]);
  });

  it('because a file of it is no graph is refused, and the command ends', async () => {
    const library = path.join(folder, 'library');
    await writeKnownGenerator(path.join(library, 'models', 'known'), 'no graph');
    expect((await rasr(['--library', library, 'models', 'use', 'known-generator'])).code).toBe(0);
    const { photo } = await request(20, 20, gradient);
    const result = await rasr(['--library', library, 'restore', photo, '--out', path.join(folder, 'out')]);
    expect(result.code).toBe(1);
    expect(linesOf(result.stderr)).toHaveLength(1);
    expect(result.stderr).toContain('generator.onnx');
  });

  it('black of a photo that is black is no fault', async () => {
    const engine = await start('black');
    const { output } = await engine.restore(await request(20, 20, plain(0)));
    expect((await asSeen(output)).data.every((value) => value === 0)).toBe(true);
  });
});
