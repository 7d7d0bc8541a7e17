import path from 'node:path';
import { MessageChannelMain, type MessagePortMain, utilityProcess } from 'electron';
import type { EngineProcesses } from './engine-host.ts';

/** The engine in Electron's own kind of process, over its own kind of port. */
export const utilityProcesses: EngineProcesses<MessagePortMain> = {
  start: (library) =>
    utilityProcess.fork(path.join(import.meta.dirname, 'engine.js'), [library], {
      serviceName: 'RASR engine',
    }),
  channel() {
    const { port1, port2 } = new MessageChannelMain();
    return { ours: port2, theirs: port1 };
  },
};
