import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { ARCHIVE_EXTENSION, archiveName } from '../../core/galleries/archive/manifest.ts';
import { asBytes, say } from '../output.ts';
import { type CommonOptions, withEngine } from '../session.ts';

/** Adds galleries as files: `rasr gallery export` and `rasr gallery import-file`. */
export function addGalleryFiles(gallery: Command): void {
  gallery
    .command('export')
    .description('write a gallery into one file, for another library')
    .argument('<name>')
    .argument('[file]', `where to (default: the gallery's name with ${ARCHIVE_EXTENSION})`)
    .addOption(new Option('--overwrite', 'replace a file that exists'))
    .action(async (name: string, file: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { overwrite?: boolean }>();
      await withEngine(options, async (engine) => {
        const { id, name: exact, references } = engine.galleries.byName(name);
        const destination = path.resolve(file ?? archiveName(exact));
        await engine.exportGallery(id, destination, options.overwrite === true ? 'replace' : 'refuse');
        const { size } = await stat(destination);
        say(`Exported "${exact}" with ${references} references to ${destination} (${asBytes(size)}).`);
      });
    });

  gallery
    .command('import-file')
    .description('make a gallery of a file that "gallery export" wrote')
    .argument('<file>')
    .action(async (file: string, _options: unknown, command: Command) => {
      await withEngine(command.optsWithGlobals<CommonOptions>(), async (engine) => {
        const { name, references } = await engine.importGallery(path.resolve(file), file);
        say(`Imported "${name}" with ${references} references.`);
      });
    });
}
