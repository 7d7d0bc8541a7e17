import { type Command, InvalidArgumentError, Option } from 'commander';
import { RasrError } from '../../core/errors.ts';
import type { ImportOutcome } from '../../core/galleries/import.ts';
import { planImport } from '../../core/galleries/import.ts';
import { asSimilarity, complain, Progress, say, sayJson } from '../output.ts';
import { plainTable } from '../plain-table.ts';
import { type CommonOptions, EXIT, interruptSignal, withEngine } from '../session.ts';
import { addGalleryChanges, HOW_TO_UNDO } from './gallery-changes.ts';
import { addGalleryFiles } from './gallery-files.ts';

interface JsonOption extends CommonOptions {
  readonly json?: boolean;
}

/** Adds `rasr gallery …`. */
export function addGalleryCommand(program: Command): void {
  const gallery = program.command('gallery').description('manage galleries of references');
  const json = () => new Option('--json', 'print JSON');

  gallery
    .command('create')
    .description('make an empty gallery')
    .argument('<name>')
    .action(async (name: string, _options: unknown, command: Command) => {
      await withEngine(command.optsWithGlobals<CommonOptions>(), async (engine) => {
        say(`Created "${engine.galleries.create(name).name}".`);
      });
    });

  gallery
    .command('import')
    .description('add references; a folder becomes a gallery, and so does each of its subfolders')
    .argument('<files...>', 'image files or folders')
    .addOption(new Option('--gallery <name>', 'put everything into this gallery, made if need be'))
    .addOption(json())
    .action(async (named: string[], _options: unknown, command: Command) => {
      process.exitCode = await importFiles(
        named,
        command.optsWithGlobals<JsonOption & { gallery?: string }>(),
      );
    });

  gallery
    .command('list')
    .description('list the galleries')
    .addOption(json())
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<JsonOption>();
      await withEngine(options, async (engine) => {
        const galleries = engine.galleries.list();
        if (options.json === true) return sayJson(galleries);
        if (galleries.length === 0)
          return say('No galleries yet. Add one with "rasr gallery import FOLDER".');
        const table = plainTable(['gallery', 'references']);
        for (const { name, references } of galleries) table.push([name, String(references)]);
        say(table.toString());
      });
    });

  gallery
    .command('show')
    .description('list the references of a gallery')
    .argument('<name>')
    .addOption(json())
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<JsonOption>();
      await withEngine(options, async (engine) => {
        const references = engine.galleries.references(engine.galleries.byName(name).id);
        if (options.json === true) return sayJson(references);
        const table = plainTable(['reference', 'size', 'hash']);
        for (const { name, width, height, sha256 } of references) {
          table.push([name, `${width} × ${height}`, sha256.slice(0, 12)]);
        }
        say(table.toString());
      });
    });

  gallery
    .command('remove')
    .description('remove a gallery and its references; the files they came from stay')
    .argument('<name>')
    .action(async (name: string, _options: unknown, command: Command) => {
      await withEngine(command.optsWithGlobals<CommonOptions>(), async (engine) => {
        const { id, name: exact, references } = engine.galleries.byName(name);
        engine.galleries.changes.removeGallery(id);
        say(`Removed "${exact}" with ${references} references. ${HOW_TO_UNDO}`);
      });
    });

  addGalleryChanges(gallery);
  addGalleryFiles(gallery);

  gallery
    .command('search')
    .description('show the references most like an image')
    .argument('<image>')
    .addOption(new Option('--gallery <name>', 'search this gallery only'))
    .addOption(new Option('--count <n>', 'how many').default(5).argParser(parseCount))
    .addOption(json())
    .action(async (image: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<JsonOption & { gallery?: string; count: number }>();
      await withEngine(options, async (engine) => {
        const galleryId = options.gallery === undefined ? null : engine.galleries.byName(options.gallery).id;
        const matches = await engine.search(image, { galleryId, count: options.count });
        if (options.json === true) return sayJson(matches);
        if (matches.length === 0) return say('There are no references to search.');
        const table = plainTable(['similarity', '', 'gallery', 'reference']);
        for (const { similarity, closeness, reference } of matches) {
          table.push([asSimilarity(similarity), closeness, reference.gallery, reference.name]);
        }
        say(table.toString());
      });
    });
}

async function importFiles(
  named: readonly string[],
  options: JsonOption & { gallery?: string },
): Promise<number> {
  return withEngine(options, async (engine) => {
    const items = await planImport(named, options.gallery);
    if (items.length === 0) {
      throw new RasrError(
        'FILE_MISSING',
        'There are no images in what you named.',
        'Name image files or folders.',
      );
    }
    const signal = interruptSignal();
    const importing = new Progress('importing');
    const indexing = new Progress('indexing ');
    const calibrating = new Progress('calibrating');
    const counts: Record<ImportOutcome['kind'], number> = { added: 0, duplicate: 0, refused: 0 };
    const onIndexed = (done: number, total: number) => indexing.show(done, total);
    try {
      let done = 0;
      for await (const outcome of engine.importReferences(items, onIndexed, signal)) {
        counts[outcome.kind]++;
        if (options.json === true) sayJson(jsonOutcome(outcome));
        else if (outcome.kind === 'refused') complain(outcome.error);
        importing.show(++done, items.length);
        if (done === items.length) importing.end();
      }
      indexing.end();
      await engine.calibrate((looked, total) => calibrating.show(looked, total), signal);
    } catch (error) {
      if (signal.aborted) return EXIT.interrupted;
      throw error;
    } finally {
      importing.end();
      indexing.end();
      calibrating.end();
    }
    const { added, duplicate, refused } = counts;
    if (options.json !== true) say(`Added ${added}, already there ${duplicate}, refused ${refused}.`);
    return refused > 0 ? EXIT.someFailed : EXIT.done;
  });
}

function jsonOutcome(outcome: ImportOutcome): object {
  if (outcome.kind !== 'refused') return outcome;
  const { code, message, remedy } = outcome.error;
  return { ...outcome, error: { code, message, remedy } };
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new InvalidArgumentError('It must be a number from 1 to 1000.');
}
