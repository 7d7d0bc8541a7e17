import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import {
  CHANNELS,
  type ElectronBridge,
  type HandedOver,
  type WindowCommand,
} from '../api/electron-bridge.ts';

/** A file by its path; a picture pasted from another program has none and goes as bytes. */
async function asHanded(file: File, folders: readonly string[] = []): Promise<unknown> {
  const path = webUtils.getPathForFile(file);
  const source = path === '' ? new Uint8Array(await file.arrayBuffer()) : path;
  return { name: file.name, source, folders };
}

/**
 * The bridge: hands files over by path without showing the paths to the page, and passes on the message port
 * that carries the api. Every method has its own channel; there is no way to send on another.
 */
const bridge: ElectronBridge = {
  connect: () => ipcRenderer.send(CHANNELS.connect),
  handOver: async (files, folders) =>
    ipcRenderer.invoke(
      CHANNELS.handOver,
      await Promise.all(files.map((file, i) => asHanded(file, folders[i]))),
    ),
  chooseFolder: () => ipcRenderer.invoke(CHANNELS.chooseFolder),
  saveResult: (jobId) => ipcRenderer.invoke(CHANNELS.saveResult, jobId),
  saveBeforeAfter: (request) => ipcRenderer.invoke(CHANNELS.saveBeforeAfter, request),
  exportGallery: (galleryId) => ipcRenderer.invoke(CHANNELS.exportGallery, galleryId),
  importGallery: (file) => ipcRenderer.invoke(CHANNELS.importGallery, webUtils.getPathForFile(file)),
  revealResult: (jobId) => ipcRenderer.send(CHANNELS.revealResult, jobId),
  showLibrary: () => ipcRenderer.send(CHANNELS.showLibrary),
  openLibrary: () => ipcRenderer.invoke(CHANNELS.openLibrary),
  dragOut: (jobIds) => ipcRenderer.send(CHANNELS.dragOut, jobIds),
  setLanguage: (language) => ipcRenderer.send(CHANNELS.language, language),
  onOpened(listener) {
    const end = receive<readonly HandedOver[]>(CHANNELS.opened, listener);
    ipcRenderer.send(CHANNELS.listening);
    return end;
  },
  onCommand: (listener) => receive<WindowCommand>(CHANNELS.command, listener),
};

/** Electron's event stays here: it would give the page a way to send. */
function receive<Message>(channel: string, listener: (message: Message) => void): () => void {
  const receiver = (_event: IpcRendererEvent, message: Message) => listener(message);
  ipcRenderer.on(channel, receiver);
  return () => ipcRenderer.off(channel, receiver);
}

contextBridge.exposeInMainWorld('rasr', bridge);

// A port cannot cross the bridge as a value; it goes to the page as a message to its own window.
ipcRenderer.on(CHANNELS.port, ({ ports }) => window.postMessage(CHANNELS.port, '*', [...ports]));
