import { describe, expect, it } from 'vitest';
import { listDevices } from '../../../../src/core/models/device.ts';
import { Devices } from '../../../../src/core/restoration/devices.ts';
import { agree } from '../../../../src/core/restoration/measure-device.ts';
import { embeddedBundle } from '../../../support/bundles.ts';
import { temporaryLibrary } from '../../../support/engine.ts';
import { expectRefusal } from '../../../support/refusal.ts';

const other = listDevices().find(({ provider }) => provider !== 'cpu');

describe('the devices', () => {
  it('begin with the CPU, which is chosen and needs no measuring', async () => {
    const devices = new Devices(await temporaryLibrary());
    expect(devices.list()[0]).toEqual({ provider: 'cpu', label: 'CPU', chosen: true, measurement: null });
    expect(devices.list().filter(({ chosen }) => chosen)).toHaveLength(1);
    devices.choose('cpu');
    expect(devices.chosen.provider).toBe('cpu');
  });

  it('are measured with the models in use; one that works can be chosen, and stays chosen', async () => {
    const library = await temporaryLibrary();
    const devices = new Devices(library);
    const generator = await embeddedBundle('generator');
    const start = performance.now();
    await devices.measure({ generator, fusion: await embeddedBundle('fusion') });
    const total = (performance.now() - start) / 1000;
    const [cpu, ...others] = devices.list();
    expect(cpu!.measurement).toMatchObject({ model: generator.hash, outcome: { kind: 'measured' } });
    const { outcome } = cpu!.measurement!;
    expect(outcome.kind === 'measured' && outcome.secondsPerTile > 0 && outcome.secondsPerTile < total).toBe(
      true,
    );
    for (const { provider, measurement } of others) {
      // Every computer has other devices; each must be told of, and none may have ended this process.
      expect(['measured', 'wrong', 'failed']).toContain(measurement!.outcome.kind);
      if (measurement!.outcome.kind === 'failed') expect(measurement!.outcome.reason).not.toBe('');
      if (measurement!.outcome.kind === 'measured') {
        devices.choose(provider);
        expect(new Devices(library).chosen.provider).toBe(provider);
      } else await expectRefusal(() => devices.choose(provider), 'DEVICE_UNUSABLE');
    }
  });

  it('that nobody measured, or nobody knows, cannot be chosen', async () => {
    const devices = new Devices(await temporaryLibrary());
    if (other !== undefined)
      await expectRefusal(() => devices.choose(other.provider), 'DEVICE_UNUSABLE', other.label);
    await expectRefusal(() => devices.choose('abacus'), 'DEVICE_UNUSABLE', 'abacus');
    expect(devices.chosen.provider).toBe('cpu');
  });

  it.skipIf(other === undefined)('that took the process down is told of, and left for the CPU', async () => {
    const library = await temporaryLibrary();
    const measured = (kind: string) =>
      library.setSetting(
        'device-measurements',
        JSON.stringify([
          {
            provider: other!.provider,
            model: 'a',
            at: new Date().toISOString(),
            outcome: { kind, secondsPerTile: 1 },
          },
        ]),
      );
    const devices = new Devices(library);
    measured('measured');
    devices.choose(other!.provider);
    expect(devices.chosen.provider).toBe(other!.provider);
    measured('crashed');
    expect(devices.chosen.provider).toBe('cpu');
    expect(devices.list().find(({ provider }) => provider === other!.provider)?.measurement?.outcome).toEqual(
      {
        kind: 'crashed',
      },
    );
  });
});

describe('agree', () => {
  const run = (...samples: number[]) => ({ seconds: 1, outputs: [Float32Array.from(samples)] });

  it('takes rounding, and nothing that is seen', () => {
    expect(agree(run(0.5, 1), run(0.501, 1))).toBe(true);
    expect(agree(run(0.5, 1), run(0.5, 0.9))).toBe(false);
    expect(agree(run(0.5, 0), run(0.5, Number.NaN))).toBe(false);
    expect(agree(run(0.5, 0), run(0.5))).toBe(false);
    expect(agree(run(0.5), { seconds: 1, outputs: [] })).toBe(false);
  });
});
