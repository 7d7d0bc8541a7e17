import type { Port } from '../../api/transport/messages.ts';
import { webPort } from '../../api/transport/ports.ts';
import type { ApiError } from '../../api/trpc.ts';
import type { HandedOver, Host } from './host.ts';

/** What the preload exposes as `window.rasr`; its implementation is in src/preload. */
export interface ElectronBridge {
  /** Asks for the api's message port, which then arrives as a window message ({@link PORT_MESSAGE}). */
  connect(): void;
  /** Names the files to the engine by their paths, one result a file, in order. */
  handOver(files: readonly File[]): Promise<HandedOver[]>;
  /** Asks where to save a finished job's output; false where the user closed the dialog. */
  saveResult(jobId: string): Promise<boolean>;
  /** Shows the library's folder in the system's file manager. */
  showLibrary(): void;
  /**
   * Asks for the folder of another library and starts the app again with it. Resolves to why that folder cannot be
   * used, or to null, also where the user closed the dialog.
   */
  openLibrary(): Promise<ApiError | null>;
}

/** Data of the window message that carries the api's message port. */
export const PORT_MESSAGE = 'rasr:port';

/** The Electron app as host: photos stay where they are, pictures come through the app's own protocol. */
export function electronHost(bridge: ElectronBridge): Host {
  return {
    handOver: (files) => bridge.handOver(files),
    pictureUrl: ({ kind, id }) => `rasr://pictures/${kind}/${id}`,
    saveResult: (jobId) => bridge.saveResult(jobId),
    library: {
      show: () => bridge.showLibrary(),
      asksItself: true,
      async open() {
        const refusal = await bridge.openLibrary();
        if (refusal !== null) throw refusal;
      },
    },
  };
}

/** The api's message port, once the preload has sent it. */
export function electronPort<In, Out>(bridge: ElectronBridge): Promise<Port<In, Out>> {
  return new Promise((resolve) => {
    window.addEventListener('message', function receive({ source, data, ports: [port] }) {
      if (source !== window || data !== PORT_MESSAGE || port === undefined) return;
      window.removeEventListener('message', receive);
      resolve(webPort(port));
    });
    bridge.connect();
  });
}
