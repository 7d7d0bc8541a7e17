import { InferenceSession, Tensor } from 'onnxruntime-node';
import { answerCalls } from '../threads/answer-calls.ts';
import type { InferenceRequest, InferenceResult } from './inference-thread.ts';
import type { NamedTensors } from './tensor.ts';

/**
 * The thread that computes: ONNX Runtime's Node binding runs a graph on the thread that calls it, which would
 * stop the engine from answering for as long as a tile takes. `InferenceThread` is the other end.
 */
const sessions = new Map<number, InferenceSession>();
let lastHandle = 0;

answerCalls(perform);

async function perform(request: InferenceRequest): Promise<InferenceResult> {
  switch (request.kind) {
    case 'load': {
      const session = await InferenceSession.create(request.file, request.options);
      sessions.set(++lastHandle, session);
      return { kind: 'loaded', handle: lastHandle, inputs: session.inputNames, outputs: session.outputNames };
    }
    case 'run':
      return { kind: 'outputs', outputs: await run(request.handle, request.inputs) };
    case 'release': {
      await sessions.get(request.handle)?.release();
      sessions.delete(request.handle);
      return { kind: 'released' };
    }
  }
}

async function run(handle: number, inputs: NamedTensors): Promise<NamedTensors> {
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dims }]) => [name, new Tensor('float32', data, dims)]),
  );
  const outputs = await sessions.get(handle)!.run(feeds);
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => {
      const { data, dims } = tensor as Tensor;
      return [name, { data: data as Float32Array, dims }];
    }),
  );
}
