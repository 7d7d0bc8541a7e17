import path from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { APP_VERSION } from '../core/app-info.ts';
import { type ErrorCode, toRasrError } from '../core/errors.ts';
import { runServerProcess } from '../server/server-process.ts';
import { CHILD_FLAG } from '../server/supervise.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addGalleryCommand } from './commands/gallery.ts';
import { addModelsCommand } from './commands/models.ts';
import { addRestoreCommand } from './commands/restore.ts';
import { addServeCommand } from './commands/serve.ts';
import { complain } from './output.ts';
import { defaultLibrary, EXIT } from './session.ts';

/** Refusals that mean the command itself was wrong, not the work it asked for. */
const USAGE_ERRORS: ReadonlySet<ErrorCode> = new Set([
  'NAME_INVALID',
  'NAME_TAKEN',
  'GALLERY_MISSING',
  'REFERENCE_MISSING',
  'BUNDLE_MISSING',
]);

async function main(): Promise<void> {
  const program = new Command('rasr')
    .description('Restore photos with the help of good photos of the same things.')
    .version(APP_VERSION)
    .addOption(
      new Option('--library <folder>', 'your library of galleries (default: the one you used last)')
        .env('RASR_LIBRARY')
        .argParser(parseFolder),
    )
    .showHelpAfterError('(see "rasr --help")')
    .hook('preAction', () => {
      // Looked for only where it is needed: it may not be there.
      if (program.getOptionValue('library') === undefined)
        program.setOptionValueWithSource('library', defaultLibrary(), 'default');
    })
    .exitOverride();
  addRestoreCommand(program);
  addGalleryCommand(program);
  addModelsCommand(program);
  addServeCommand(program);
  addDoctorCommand(program);
  addDemoCommand(program);
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
      return;
    }
    const refusal = toRasrError(error, 'Unexpected error');
    complain(refusal);
    process.exitCode = USAGE_ERRORS.has(refusal.code) ? EXIT.wrongUsage : EXIT.someFailed;
  }
}

/** An empty name, from a variable that is not set, would be the current folder. */
function parseFolder(folder: string): string {
  if (folder === '') throw new InvalidArgumentError('Name a folder.');
  return path.resolve(folder);
}

// A reader that closes the pipe early (head, less) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

if (process.env[CHILD_FLAG] === '1') runServerProcess();
else await main();
