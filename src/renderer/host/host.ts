import type { ElectronBridge, GalleryFileResult, HandedOver } from '../../api/electron-bridge.ts';
import type { PictureRequest } from '../../api/pictures.ts';

export type { GalleryFileResult, HandedOver };

/** What the desktop app alone has: menus, files opened with it, the system's file manager. */
export type Desktop = Pick<ElectronBridge, 'revealResult' | 'setLanguage' | 'onOpened' | 'onCommand'>;

/** What the host can do with the library's folder. */
export interface LibraryHost {
  /** Shows it in the system's file manager; null where the host has none. */
  readonly show: (() => void) | null;
  /** Whether the host asks for a folder with a dialog of its own. */
  readonly asksItself: boolean;
  /**
   * Goes over to another library; the window loads anew then.
   *
   * @param folder absolute path; not looked at where the host asks itself
   * @throws ApiError where that folder cannot be used; this library stays open
   */
  open(folder: string): Promise<void>;
}

/** What the renderer needs of its host beside the api: files in, pictures shown, results out. */
export interface Host {
  /** Hands files to the engine, one result a file, in order. Never rejects for a single bad file. */
  handOver(files: readonly File[]): Promise<HandedOver[]>;
  /** Address under which a picture can be shown. */
  pictureUrl(request: PictureRequest): string;
  readonly library: LibraryHost;
  /** Saves a finished job's output where the user wants it; resolves to false where they thought better of it. */
  saveResult(jobId: string): Promise<boolean>;
  /**
   * Lets a finished job's output be dragged out of the window; call it with the event of `dragstart`.
   *
   * @param name the output's file name
   */
  dragOut(event: DragEvent, jobId: string, name: string): void;
  /** Null in a browser. */
  readonly desktop: Desktop | null;
  /** Saves a gallery as one file where the user wants it. Never rejects. */
  exportGallery(galleryId: number): Promise<GalleryFileResult>;
  /** Makes a gallery of such a file. Never rejects. */
  importGallery(file: File): Promise<GalleryFileResult>;
}
