import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/core/models/device.ts';
import { chooseDevice, listDevices } from '../../src/core/models/device.ts';
import type { FloatTensor } from '../../src/core/models/tensor.ts';
import { Generator } from '../../src/core/restoration/generator.ts';
import { embeddedBundle } from '../support/bundles.ts';
import { cloth, writePicture } from '../support/pictures.ts';
import { temporaryFolder } from '../support/temporary.ts';

// The embedded generator on ONNX Runtime's WebGPU provider. Without a GPU, SwiftShader computes what a GPU would, slowly:
// Chromium brings it, and Vulkan's loader finds it by this variable.

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const LIBRARIES = [
  ...(process.env.LD_LIBRARY_PATH ?? '').split(':').filter((folder) => folder !== ''),
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
];

/** Largest difference of two devices' answers, in units where white is 1: a quarter of an 8-bit step. */
const TOLERANCE = 1e-3;

const missing = whatIsMissing();
if (missing !== null) {
  process.stderr.write(
    `SKIPPED: nothing was computed by WebGPU, because ${missing}. Debian: apt install chromium libvulkan1\n`,
  );
}

function whatIsMissing(): string | null {
  if (!listDevices().some(({ provider }) => provider === 'webgpu')) return 'this ONNX Runtime has no WebGPU';
  if (!existsSync(SWIFTSHADER)) return `there is no ${SWIFTSHADER}`;
  const loader = LIBRARIES.some((folder) => existsSync(path.join(folder, 'libvulkan.so.1')));
  return loader ? null : 'there is no libvulkan.so.1';
}

async function on<Result>(device: Device, work: (generator: Generator) => Promise<Result>): Promise<Result> {
  const generator = await Generator.load(await embeddedBundle('generator'), device);
  try {
    return await work(generator);
  } finally {
    await generator.release();
  }
}

function tile(side: number): FloatTensor {
  const paint = cloth(4);
  const data = new Float32Array(3 * side * side);
  for (let i = 0; i < side * side; i++) {
    paint((i % side) / side, Math.trunc(i / side) / side).forEach((value, channel) => {
      data[channel * side * side + i] = value;
    });
  }
  return { data, dims: [1, 3, side, side] };
}

function worstDifference(a: FloatTensor, b: FloatTensor): number {
  expect(a.dims).toEqual(b.dims);
  return a.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b.data[i]!)), 0);
}

describe.skipIf(missing !== null)('the embedded generator', () => {
  it('answers on WebGPU as on the CPU', { timeout: 900_000 }, async () => {
    process.env.VK_DRIVER_FILES = SWIFTSHADER;
    const reference = await writePicture(path.join(await temporaryFolder(), 'r.png'), 256, 256, cloth(2));
    const work = async (generator: Generator) => {
      const features = await generator.encodeReference(reference);
      const settings = { strength: 1, detail: generator.detailFor(1) };
      const lr = tile(generator.bundle.manifest.tiles.min);
      return { features, sr: await generator.restoreTile(lr, features, settings) };
    };
    const cpu = await on(chooseDevice(), (generator) => work(generator));
    const webgpu = await on({ provider: 'webgpu', label: 'WebGPU' }, (generator) => work(generator));
    expect(worstDifference(cpu.sr, webgpu.sr)).toBeLessThan(TOLERANCE);
    for (const [i, feature] of cpu.features.entries()) {
      const scale = feature.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(worstDifference(feature, webgpu.features[i]!) / scale).toBeLessThan(TOLERANCE);
    }
    // The comparison is no empty one.
    const without = await on(chooseDevice(), (generator) =>
      generator.restoreTile(tile(generator.bundle.manifest.tiles.min), null, {
        strength: 1,
        detail: generator.detailFor(1),
      }),
    );
    expect(worstDifference(cpu.sr, without)).toBeGreaterThan(0);
  });
});
