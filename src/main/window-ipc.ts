import type { IpcMain, WebContents, WebFrameMain } from 'electron';
import { z } from 'zod';
import { type BeforeAfterRequest, beforeAfterRequest } from '../api/compare.ts';
import {
  CHANNELS,
  type ChosenFolder,
  type GalleryFileResult,
  type HandedOver,
} from '../api/electron-bridge.ts';
import type { ApiError } from '../api/trpc.ts';
import { START_PAGE } from './app-protocol.ts';
import { type HandedFile, handedFile } from './hand-over.ts';
import { LANGUAGES, type Language } from './messages.ts';

/** What the main process does for its windows; the sender was checked, and so was what it sent. */
export interface WindowServices {
  connect(window: WebContents): void;
  listening(window: WebContents): void;
  handOver(files: readonly (string | HandedFile)[]): Promise<HandedOver[]>;
  chooseFolder(window: WebContents): Promise<ChosenFolder | null>;
  saveResult(window: WebContents, jobId: string): Promise<boolean>;
  saveBeforeAfter(window: WebContents, request: BeforeAfterRequest): Promise<boolean | ApiError>;
  exportGallery(window: WebContents, galleryId: number): Promise<GalleryFileResult>;
  importGallery(file: string): Promise<GalleryFileResult>;
  revealResult(jobId: string): void;
  showLibrary(): void;
  openLibrary(): Promise<ApiError | null>;
  dragOut(window: WebContents, jobIds: readonly string[]): void;
  setLanguage(language: Language): void;
}

/** The part of a message's event that tells who sent it. */
export interface Sender {
  readonly sender: WebContents;
  /** Null where the frame has navigated or is gone. */
  readonly senderFrame: Pick<WebFrameMain, 'parent' | 'url'> | null;
}

const jobId = z.uuid();
const jobIds = z.array(jobId).min(1).max(1000);
const files = z.array(z.union([z.string(), handedFile])).max(10_000);

/** Answers the windows' messages. One from anywhere but our own page's top frame, or malformed, is refused. */
export function serveWindows(ipc: Pick<IpcMain, 'on' | 'handle'>, services: WindowServices): void {
  function on<Input>(
    channel: string,
    input: z.ZodType<Input>,
    act: (from: WebContents, input: Input) => void,
  ) {
    ipc.on(channel, (event, ...args: unknown[]) => {
      const given = input.safeParse(args[0]);
      if (isOurPage(event) && given.success) act(event.sender, given.data);
    });
  }
  function handle<Input, Result>(
    channel: string,
    input: z.ZodType<Input>,
    act: (from: WebContents, input: Input) => Promise<Result>,
  ) {
    ipc.handle(channel, (event, ...args: unknown[]) => {
      if (!isOurPage(event)) throw new Error("Only RASR's own window may ask for this.");
      return act(event.sender, input.parse(args[0]));
    });
  }

  on(CHANNELS.connect, z.undefined(), (window) => services.connect(window));
  on(CHANNELS.listening, z.undefined(), (window) => services.listening(window));
  on(CHANNELS.revealResult, jobId, (_window, id) => services.revealResult(id));
  on(CHANNELS.showLibrary, z.undefined(), () => services.showLibrary());
  on(CHANNELS.dragOut, jobIds, (window, ids) => services.dragOut(window, ids));
  on(CHANNELS.language, z.enum(LANGUAGES), (_window, language) => services.setLanguage(language));
  handle(CHANNELS.handOver, files, (_window, given) => services.handOver(given));
  handle(CHANNELS.chooseFolder, z.undefined(), (window) => services.chooseFolder(window));
  handle(CHANNELS.openLibrary, z.undefined(), () => services.openLibrary());
  handle(CHANNELS.exportGallery, z.int().positive(), (window, id) => services.exportGallery(window, id));
  handle(CHANNELS.importGallery, z.string().min(1), (_window, file) => services.importGallery(file));
  handle(CHANNELS.saveResult, jobId, (window, id) => services.saveResult(window, id));
  handle(CHANNELS.saveBeforeAfter, beforeAfterRequest, (window, request) =>
    services.saveBeforeAfter(window, request),
  );
}

/** Messages count only from the top frame of our own page, wherever in it the user is. */
export function isOurPage({ senderFrame }: Sender): boolean {
  if (senderFrame === null || senderFrame.parent !== null) return false;
  const url = URL.parse(senderFrame.url);
  return url !== null && `${url.protocol}//${url.host}${url.pathname}` === START_PAGE;
}
