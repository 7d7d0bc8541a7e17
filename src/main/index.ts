import path from 'node:path';
import { app, dialog } from 'electron';
import { z } from 'zod';
import { toRasrError } from '../core/errors.ts';
import { rememberedLibrary } from '../core/library/location.ts';
import { languageFor, textsIn } from './messages.ts';
import { filesInArguments } from './opened-files.ts';
import { RasrApp, registerScheme } from './rasr-app.ts';

/** The second instance's word to the first: which files it was started with. */
const secondStart = z.object({ files: z.array(z.string()) });

const files = filesInArguments(process.argv, process.cwd(), app.isPackaged);

// macOS names files by event, already while the app is still starting.
const early: string[] = [];
let rasr: RasrApp | null = null;
const open = (paths: readonly string[]) => (rasr === null ? early.push(...paths) : rasr.open(paths));

const rememberedIn = path.join(app.getPath('userData'), 'library.json');

/** Where the library is; null, and said why, where it is not there now. */
function libraryFolder(): string | null {
  try {
    const given = process.env.RASR_LIBRARY ?? rememberedLibrary(rememberedIn);
    return path.resolve(given ?? path.join(app.getPath('userData'), 'library'));
  } catch (error) {
    const { message, remedy } = toRasrError(error, rememberedIn);
    const texts = textsIn(languageFor(null, app.getPreferredSystemLanguages()));
    dialog.showErrorBox(texts('cannotStart'), `${message}\n\n${remedy}`);
    return null;
  }
}

if (app.requestSingleInstanceLock({ files })) {
  registerScheme();
  app.on('open-file', (event, file) => {
    event.preventDefault();
    open([file]);
  });
  app.on('second-instance', (_event, _args, _folder, data) => {
    rasr?.focus();
    open(secondStart.safeParse(data).data?.files ?? []);
  });
  void app.whenReady().then(() => {
    const library = libraryFolder();
    if (library === null) return app.exit(1);
    rasr = new RasrApp(library, rememberedIn);
    rasr.open([...files, ...early]);
  });
} else {
  app.quit();
}
