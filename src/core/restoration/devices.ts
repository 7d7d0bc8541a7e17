import { z } from 'zod';
import { RasrError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import { readSetting, type Setting, writeSetting } from '../library/settings.ts';
import { chooseDevice, type Device, listDevices } from '../models/device.ts';
import { agree, type MeasuredModels, type TrialRun, tryOut } from './measure-device.ts';

const measurement = z.object({
  provider: z.string(),
  /** Hash of the generator it was measured with. */
  model: z.string(),
  at: z.iso.datetime(),
  outcome: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('measured'), secondsPerTile: z.number().nonnegative() }),
    /** It computed something else than the CPU. */
    z.object({ kind: z.literal('wrong') }),
    z.object({ kind: z.literal('failed'), reason: z.string() }),
    /** The engine's process ended in the middle. */
    z.object({ kind: z.literal('crashed') }),
  ]),
});
export type DeviceMeasurement = z.infer<typeof measurement>;

const DEVICE: Setting<string> = { key: 'device', schema: z.string(), fallback: 'cpu' };
const MEASUREMENTS: Setting<DeviceMeasurement[]> = {
  key: 'device-measurements',
  schema: z.array(measurement),
  fallback: [],
};

/** A device, and what is known of it. */
export interface DeviceState extends Device {
  readonly chosen: boolean;
  /** null until it was measured on this computer. */
  readonly measurement: DeviceMeasurement | null;
}

/** Which device restores photos: what was measured on each, and the user's choice. Finding references stays on the CPU. */
export class Devices {
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  /** The device to restore on: the user's choice for as long as it works, else the CPU. */
  get chosen(): Device {
    const device = chooseDevice(readSetting(this.#library, DEVICE));
    return this.#works(device) ? device : chooseDevice();
  }

  list(): DeviceState[] {
    const { chosen } = this;
    return listDevices().map((device) => ({
      ...device,
      chosen: device.provider === chosen.provider,
      measurement: this.#measurementOf(device) ?? null,
    }));
  }

  /** @throws RasrError `DEVICE_UNUSABLE` for one that was not measured, or did not work when it was */
  choose(provider: string): void {
    const device = listDevices().find((known) => known.provider === provider);
    if (device === undefined || !this.#works(device)) {
      throw new RasrError(
        'DEVICE_UNUSABLE',
        `${device?.label ?? provider} has not been found to work on this computer.`,
        'Measure the devices first, then choose one that works.',
      );
    }
    writeSetting(this.#library, DEVICE, provider);
  }

  /**
   * Measures every device, the CPU first: the others' results are compared with its own. Each is written down as
   * soon as it is known.
   *
   * @throws RasrError where the CPU cannot run the models either
   */
  async measure(models: MeasuredModels): Promise<void> {
    const [cpu, ...others] = listDevices();
    const expected = await tryOut(models, cpu!);
    this.#keep(models, cpu!, { kind: 'measured', secondsPerTile: expected.seconds });
    for (const device of others) {
      // Until something else is known: native code may take the process down with it.
      this.#keep(models, device, { kind: 'crashed' });
      this.#keep(models, device, await this.#outcome(models, device, expected));
    }
  }

  async #outcome(
    models: MeasuredModels,
    device: Device,
    expected: TrialRun,
  ): Promise<DeviceMeasurement['outcome']> {
    try {
      const run = await tryOut(models, device);
      if (!agree(run, expected)) return { kind: 'wrong' };
      return { kind: 'measured', secondsPerTile: run.seconds };
    } catch (error) {
      return { kind: 'failed', reason: reasonOf(error) };
    }
  }

  #works(device: Device): boolean {
    return (
      device.provider === chooseDevice().provider || this.#measurementOf(device)?.outcome.kind === 'measured'
    );
  }

  #measurementOf({ provider }: Device): DeviceMeasurement | undefined {
    return readSetting(this.#library, MEASUREMENTS).find((known) => known.provider === provider);
  }

  #keep({ generator }: MeasuredModels, { provider }: Device, outcome: DeviceMeasurement['outcome']): void {
    const others = readSetting(this.#library, MEASUREMENTS).filter((known) => known.provider !== provider);
    const at = new Date().toISOString();
    writeSetting(this.#library, MEASUREMENTS, [...others, { provider, model: generator.hash, at, outcome }]);
  }
}

/** ONNX Runtime's own words, without the place in its source that it puts before them. */
function reasonOf(error: unknown): string {
  const cause = error instanceof RasrError && error.cause instanceof Error ? error.cause : error;
  const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).trim().split('\n');
  return line.replace(/^.*\.cc:\d+ .* was false\. /, '');
}
