import type { BeforeAfterRequest } from './compare.ts';
import type { ApiError } from './trpc.ts';
import type { PhotoView } from './views.ts';

/** A file the user gave, taken in or refused. */
export type HandedOver =
  | { readonly kind: 'taken'; readonly name: string; readonly photo: PhotoView }
  | { readonly kind: 'refused'; readonly name: string; readonly error: ApiError };

/** A folder the user picked for outputs, taken or refused. */
export type ChosenFolder =
  | { readonly kind: 'taken'; readonly folder: string }
  | { readonly kind: 'refused'; readonly error: ApiError };

/** What became of the export or import of a gallery; `cancelled` where the user thought better of it. */
export type GalleryFileResult =
  | { readonly kind: 'done'; readonly name: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'refused'; readonly error: ApiError };

/** What the main process asks of the window: a menu item was chosen, or the app is about to quit. */
export type WindowCommand =
  | { readonly kind: 'show'; readonly view: 'restore' | 'galleries' | 'models' | 'settings' }
  | { readonly kind: 'save-result' }
  | { readonly kind: 'reveal-result' }
  /** The photo at work is finished, then the app quits. */
  | { readonly kind: 'finishing' };

/**
 * What Electron's preload exposes as `window.rasr`. Files are named by the `File`s the user gave; no path is
 * shown to the page and none is taken from it.
 */
export interface ElectronBridge {
  /** Asks for the api's message port, which then arrives as a window message ({@link CHANNELS.port}). */
  connect(): void;
  /**
   * Names the files to the engine by their paths, or hands over the bytes of those that have none, one result a file,
   * in order.
   *
   * @param folders for each file those it was found in, the one that was given first
   */
  handOver(files: readonly File[], folders: readonly (readonly string[])[]): Promise<HandedOver[]>;
  /** Asks for an output folder; null where the user closed the dialog. */
  chooseFolder(): Promise<ChosenFolder | null>;
  /** Asks where to save a finished job's output; false where the user closed the dialog. */
  saveResult(jobId: string): Promise<boolean>;
  /** Asks where to save before and after as one picture; false where the user closed the dialog, or the refusal. */
  saveBeforeAfter(request: BeforeAfterRequest): Promise<boolean | ApiError>;
  /** Asks where to save a gallery as one file. */
  exportGallery(galleryId: number): Promise<GalleryFileResult>;
  /** Names a gallery file to the engine by its path. */
  importGallery(file: File): Promise<GalleryFileResult>;
  /** Shows a finished job's output in the system's file manager. */
  revealResult(jobId: string): void;
  /** Shows the library's folder in the system's file manager. */
  showLibrary(): void;
  /**
   * Asks for the folder of another library and starts the app again with it. Resolves to why that folder cannot be
   * used, or to null, also where the user closed the dialog.
   */
  openLibrary(): Promise<ApiError | null>;
  /** Begins to drag finished jobs' outputs out of the window; call it from `dragstart`. */
  dragOut(jobIds: readonly string[]): void;
  /** Tells which language the window speaks, for menus and dialogs. */
  setLanguage(language: string): void;
  /**
   * Receives files opened with the app, those included that were before the window was there.
   *
   * @returns what ends it
   */
  onOpened(listener: (files: readonly HandedOver[]) => void): () => void;
  /** @returns what ends it */
  onCommand(listener: (command: WindowCommand) => void): () => void;
}

/** Names of the messages between the window and the main process. */
export const CHANNELS = {
  connect: 'rasr:connect',
  port: 'rasr:port',
  handOver: 'rasr:hand-over',
  chooseFolder: 'rasr:choose-folder',
  saveResult: 'rasr:save-result',
  saveBeforeAfter: 'rasr:save-before-after',
  exportGallery: 'rasr:export-gallery',
  importGallery: 'rasr:import-gallery',
  revealResult: 'rasr:reveal-result',
  showLibrary: 'rasr:show-library',
  openLibrary: 'rasr:open-library',
  dragOut: 'rasr:drag-out',
  language: 'rasr:language',
  /** The window listens for opened files from now on. */
  listening: 'rasr:listening',
  opened: 'rasr:opened',
  command: 'rasr:command',
} as const;
