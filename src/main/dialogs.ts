import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import type { PictureFile } from '../api/pictures.ts';
import { toRasrError } from '../core/errors.ts';
import type { BatchProgress } from '../core/jobs/batch.ts';
import { IMAGE_EXTENSIONS } from '../core/photo/formats.ts';
import type { Texts } from './messages.ts';
import { QUIT_CHOICES, type QuitChoice, quitQuestion } from './quit.ts';

/** Asks for photos, or for a folder of them; empty where the user thought better of it. */
export async function askForPhotos(kind: 'files' | 'folder', texts: Texts): Promise<string[]> {
  const options: Electron.OpenDialogOptions =
    kind === 'folder'
      ? { properties: ['openDirectory', 'multiSelections'] }
      : {
          properties: ['openFile', 'multiSelections'],
          filters: [
            { name: texts('photos'), extensions: IMAGE_EXTENSIONS.map((extension) => extension.slice(1)) },
            { name: texts('allFiles'), extensions: ['*'] },
          ],
        };
  const window = BrowserWindow.getFocusedWindow();
  const { filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return filePaths;
}

/** Asks for a folder for outputs; undefined where the user thought better of it. */
export async function askForOutputFolder(window: BrowserWindow): Promise<string | undefined> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    properties: ['openDirectory', 'createDirectory'],
  });
  return filePaths[0];
}

/** Asks for the folder of a library; undefined where the user thought better of it. */
export async function askForLibrary(): Promise<string | undefined> {
  const options: Electron.OpenDialogOptions = { properties: ['openDirectory', 'createDirectory'] };
  const window = BrowserWindow.getFocusedWindow();
  const { filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return filePaths[0];
}

/** Asks where to save a file of this name; undefined where the user thought better of it. */
export async function askWhereToSave(
  window: BrowserWindow | null,
  name: string,
): Promise<string | undefined> {
  const options = { defaultPath: path.join(app.getPath('documents'), name) };
  const { canceled, filePath } = await (window === null
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(window, options));
  return canceled ? undefined : filePath;
}

/** Asks where to, then copies an output there; false where the user thought better of it. */
export async function saveCopy(window: BrowserWindow, result: PictureFile, texts: Texts): Promise<boolean> {
  const defaultPath = path.join(app.getPath('pictures'), result.name);
  // The system's own dialog asks before it names a file that exists.
  const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath });
  if (canceled) return false;
  try {
    await copyFile(result.file, filePath);
    return true;
  } catch (error) {
    const { message, remedy } = toRasrError(error, filePath);
    await dialog.showMessageBox(window, {
      type: 'error',
      message: texts('cannotSave'),
      detail: `${message} ${remedy}`,
    });
    return false;
  }
}

/** Asks what becomes of the photo at work. */
export async function askHowToQuit(batch: BatchProgress, texts: Texts): Promise<QuitChoice> {
  const question = quitQuestion(batch, texts);
  const [window] = BrowserWindow.getAllWindows();
  const { response } = await (window
    ? dialog.showMessageBox(window, question)
    : dialog.showMessageBox(question));
  return QUIT_CHOICES[response] ?? 'stay';
}
