import { CHANNELS, type ElectronBridge } from '../../api/electron-bridge.ts';
import type { Port } from '../../api/transport/messages.ts';
import { webPort } from '../../api/transport/ports.ts';
import { type Host, tilePath } from './host.ts';
import { ignoreOwnDrag } from './own-drag.ts';

/** The Electron app as host: photos stay where they are, pictures come through the app's own protocol. */
export function electronHost(bridge: ElectronBridge): Host {
  return {
    handOver: (files, folders = []) => bridge.handOver(files, folders),
    chooseFolder: () => bridge.chooseFolder(),
    // The app starts its engine again by itself, and then the window anew.
    reach: async () => 'known',
    pictureUrl: ({ kind, id }) => `/pictures/${kind}/${id}`,
    tileUrl: (request) => `/tiles/${tilePath(request)}`,
    async saveBeforeAfter(request) {
      const saved = await bridge.saveBeforeAfter(request);
      if (typeof saved === 'boolean') return saved;
      throw saved;
    },
    saveResult: (jobId) => bridge.saveResult(jobId),
    library: {
      show: () => bridge.showLibrary(),
      asksItself: true,
      async open() {
        const refusal = await bridge.openLibrary();
        if (refusal !== null) throw refusal;
      },
    },
    dragOut(event, jobId) {
      // The system drags in place of the page.
      event.preventDefault();
      ignoreOwnDrag();
      bridge.dragOut([jobId]);
    },
    desktop: bridge,
    exportGallery: (galleryId) => bridge.exportGallery(galleryId),
    importGallery: (file) => bridge.importGallery(file),
  };
}

/** The api's message port, once the preload has sent it. */
export function electronPort<In, Out>(bridge: ElectronBridge): Promise<Port<In, Out>> {
  return new Promise((resolve) => {
    window.addEventListener('message', function receive({ source, data, ports: [port] }) {
      if (source !== window || data !== CHANNELS.port || port === undefined) return;
      window.removeEventListener('message', receive);
      resolve(webPort(port));
    });
    bridge.connect();
  });
}
