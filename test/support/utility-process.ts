import { EventEmitter } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';

/** Gives a thread what Electron gives a utility process, then runs the script in it. */
const toParent = Object.assign(new EventEmitter(), {
  postMessage: (message: unknown) => parentPort!.postMessage(message),
});
Object.defineProperty(process, 'parentPort', { value: toParent });

parentPort!.on('message', ({ data, ports }: { data: unknown; ports: MessagePort[] }) => {
  const wrapped = ports.map((port) => ({
    postMessage: (message: unknown) => port.postMessage(message),
    on: (event: string, listener: (event: { data: unknown }) => void) =>
      port.on(event, (message: unknown) => listener({ data: message })),
    start: () => port.start(),
  }));
  toParent.emit('message', { data, ports: wrapped });
});

await import((workerData as { script: string }).script);
