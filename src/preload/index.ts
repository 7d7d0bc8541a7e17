import { contextBridge, ipcRenderer, webUtils } from 'electron';

/**
 * The bridge: hands files over by path without showing the paths to the page, saves results, and passes on
 * the message port that carries the api.
 */
contextBridge.exposeInMainWorld('rasr', {
  handOver: (files: readonly File[]): Promise<unknown> =>
    ipcRenderer.invoke(
      'rasr:hand-over',
      files.map((file) => webUtils.getPathForFile(file)),
    ),
  saveResult: (jobId: string): Promise<unknown> => ipcRenderer.invoke('rasr:save-result', jobId),
  connect: (): void => ipcRenderer.send('rasr:connect'),
});

// A port cannot cross the bridge as a value; it goes to the page as a message to its own window.
ipcRenderer.on('rasr:port', ({ ports }) => window.postMessage('rasr:port', '*', [...ports]));
