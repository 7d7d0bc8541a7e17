import { availableParallelism, cpus } from 'node:os';
import { type InferenceSession, listSupportedBackends } from 'onnxruntime-node';

// ONNX Runtime's builds for Linux and macOS store a device id in the user's home and send usage data to
// their maker unless this is set when it is first used. Nothing of a museum's photos is anybody's business.
process.env.ORT_DISABLE_TELEMETRY = '1';

/** Where a session computes. */
export interface Device {
  /** ONNX Runtime's name of the execution provider. */
  readonly provider: string;
  readonly label: string;
}

const CPU: Device = { provider: 'cpu', label: 'CPU' };

const LABELS: Record<string, string> = {
  cpu: CPU.label,
  webgpu: 'WebGPU',
  dml: 'DirectML',
  coreml: 'Core ML',
};

/** The devices ONNX Runtime can use with what comes along with it, the CPU first. Whether one works, measuring tells. */
export function listDevices(): Device[] {
  const others = listSupportedBackends().filter(({ name, bundled }) => bundled && name !== CPU.provider);
  return [CPU, ...others.map(({ name }) => ({ provider: name, label: LABELS[name] ?? name }))];
}

/** The device of that provider where this build has it, else the CPU, which gives the same result everywhere. */
export function chooseDevice(provider: string = CPU.provider): Device {
  return listDevices().find((device) => device.provider === provider) ?? CPU;
}

/** What the maker calls this computer's processor; undefined where the system does not tell. */
export function processorName(): string | undefined {
  const name = cpus()[0]?.model.trim();
  return name === '' || name === 'unknown' ? undefined : name;
}

/** Session options for a device. */
export function sessionOptions(device: Device): InferenceSession.SessionOptions {
  return {
    executionProviders: [device.provider],
    intraOpNumThreads: availableParallelism(),
    // Threads that spin for their next work keep the cores from the other graph of a tile, and from the encoder.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    graphOptimizationLevel: 'all',
    // Tiles differ in size: reusing one arena plan per shape would keep memory for every shape seen.
    enableMemPattern: false,
    logSeverityLevel: 3,
  };
}
