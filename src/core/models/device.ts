import { availableParallelism } from 'node:os';
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

/** The devices this build of ONNX Runtime could use, the ones it ships with first. */
export function listDevices(): Device[] {
  return listSupportedBackends().map(({ name }) => ({ provider: name, label: LABELS[name] ?? name }));
}

/** The one place that decides which device computes. Today: the CPU, which gives the same result everywhere. */
export function chooseDevice(): Device {
  return { provider: 'cpu', label: 'CPU' };
}

/** Session options for a device. */
export function sessionOptions(device: Device): InferenceSession.SessionOptions {
  return {
    executionProviders: [device.provider],
    intraOpNumThreads: availableParallelism(),
    graphOptimizationLevel: 'all',
    // Tiles differ in size: reusing one arena plan per shape would keep memory for every shape seen.
    enableMemPattern: false,
    logSeverityLevel: 3,
  };
}

const LABELS: Record<string, string> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  dml: 'DirectML',
  cuda: 'CUDA',
  coreml: 'Core ML',
};
