import type { BeforeAfterRequest, TileRequest } from '../../api/compare.ts';
import type {
  ChosenFolder,
  ElectronBridge,
  GalleryFileResult,
  HandedOver,
} from '../../api/electron-bridge.ts';
import type { PictureRequest } from '../../api/pictures.ts';

export type { ChosenFolder, GalleryFileResult, HandedOver };

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
  /**
   * Hands files to the engine, one result a file, in order. Never rejects for a single bad file.
   *
   * @param folders for each file those it was found in, the one that was given first; without, none
   */
  handOver(files: readonly File[], folders?: readonly (readonly string[])[]): Promise<HandedOver[]>;
  /** Address under which a picture can be shown. */
  pictureUrl(request: PictureRequest): string;
  readonly library: LibraryHost;
  /** Address under which a tile of a picture can be shown. */
  tileUrl(request: TileRequest): string;
  /**
   * Saves before and after as one picture where the user wants it; resolves to false where they thought better of it.
   * Rejects with the engine's refusal.
   */
  saveBeforeAfter(request: BeforeAfterRequest): Promise<boolean>;
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
  /**
   * Lets the user pick an output folder; resolves to null where they thought better of it. Null where there is no
   * dialog for it: there the folder is typed, and photos come as bytes, so that there is no place beside them.
   */
  readonly chooseFolder: (() => Promise<ChosenFolder | null>) | null;
  /** Whether the engine's host answers, and still knows this window. */
  reach(): Promise<Reach>;
  /** Saves a gallery as one file where the user wants it. Never rejects. */
  exportGallery(galleryId: number): Promise<GalleryFileResult>;
  /** Makes a gallery of such a file. Never rejects. */
  importGallery(file: File): Promise<GalleryFileResult>;
}

/** `unknown`: the host is there and no longer knows this window. `silent`: nothing answers. */
export type Reach = 'known' | 'unknown' | 'silent';

/** The part of a tile's address that all hosts share. */
export function tilePath({ kind, id, against, level, x, y }: TileRequest): string {
  return `${kind}/${id}/${level}/${x}/${y}${against === undefined ? '' : `?against=${against}`}`;
}
