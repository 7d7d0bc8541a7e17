import { type Command, Option } from 'commander';
import type { Engine } from '../../core/engine.ts';
import { RasrError } from '../../core/errors.ts';
import { UNDO_MS } from '../../core/galleries/changes.ts';
import { type GalleryStatistics, galleryStatistics } from '../../core/galleries/statistics.ts';
import type { Likeness } from '../../core/retrieval/likeness.ts';
import { say, sayJson } from '../output.ts';
import { plainTable } from '../plain-table.ts';
import { type CommonOptions, withEngine } from '../session.ts';

/** How long, and by what, a change can be taken back. */
export const HOW_TO_UNDO = `For ${UNDO_MS / 60_000} minutes "rasr gallery undo" takes that back.`;

/** Adds what changes galleries and their references, and what tells of them: `rasr gallery rename`, `merge`, … */
export function addGalleryChanges(gallery: Command): void {
  const run = (command: Command, work: (engine: Engine) => Promise<void> | void) =>
    withEngine(command.optsWithGlobals<CommonOptions>(), async (engine) => work(engine));

  gallery
    .command('rename')
    .description('give a gallery another name')
    .argument('<name>')
    .argument('<new-name>')
    .action((name: string, newName: string, _options: unknown, command: Command) =>
      run(command, ({ galleries }) => {
        const { id, name: before } = galleries.byName(name);
        say(`"${before}" is now "${galleries.rename(id, newName).name}".`);
      }),
    );

  gallery
    .command('merge')
    .description('move all references of a gallery to another, and remove it')
    .argument('<name>', 'the gallery that goes')
    .argument('<into>', 'the gallery that gets its references')
    .action((name: string, into: string, _options: unknown, command: Command) =>
      run(command, ({ galleries }) => {
        const [from, to] = [galleries.byName(name), galleries.byName(into)];
        galleries.changes.merge(from.id, to.id);
        const { references } = galleries.get(to.id);
        say(
          `Merged "${from.name}" into "${to.name}", which has ${references} references now. ${HOW_TO_UNDO}`,
        );
      }),
    );

  gallery
    .command('move')
    .description('move references to another gallery')
    .argument('<name>', 'the gallery they are in')
    .argument('<into>', 'the gallery they go to')
    .argument('<references...>', 'names of references, or beginnings of their hashes')
    .action((name: string, into: string, named: string[], _options: unknown, command: Command) =>
      run(command, (engine) => {
        const { galleries } = engine;
        const [from, to] = [galleries.byName(name), galleries.byName(into)];
        const ids = named.flatMap((wanted) => referencesCalled(engine, from.id, wanted));
        const { references } = galleries.changes.move(ids, to.id);
        say(`Moved ${references} from "${from.name}" to "${to.name}". ${HOW_TO_UNDO}`);
      }),
    );

  gallery
    .command('undo')
    .description('take back the last removal, move or merge')
    .action((_options: unknown, command: Command) =>
      run(command, ({ galleries }) => {
        galleries.changes.undo();
        say('Taken back.');
      }),
    );

  gallery
    .command('stats')
    .description('sizes, sharpness, coverage and near-duplicates of a gallery')
    .argument('<name>')
    .addOption(new Option('--json', 'print JSON'))
    .action((name: string, _options: unknown, command: Command) =>
      run(command, async (engine) => {
        const { id } = engine.galleries.byName(name);
        const statistics = galleryStatistics(engine.library, id);
        const likeness = await engine.likeness(id);
        if (command.optsWithGlobals<{ json?: boolean }>().json === true) {
          return sayJson({ ...statistics, ...likeness });
        }
        sayStatistics(engine, statistics, likeness);
      }),
    );
}

/** @throws RasrError `REFERENCE_MISSING` */
function referencesCalled({ galleries }: Engine, galleryId: number, wanted: string): number[] {
  const found = galleries
    .references(galleryId)
    .filter(({ name, sha256 }) => name === wanted || (wanted.length >= 6 && sha256.startsWith(wanted)));
  if (found.length > 0) return found.map(({ id }) => id);
  throw new RasrError(
    'REFERENCE_MISSING',
    `There is no reference called "${wanted}" in this gallery.`,
    'See "rasr gallery show NAME" for those there are.',
  );
}

function sayStatistics(
  { galleries }: Engine,
  { references, sides, sharpness, megapixels }: GalleryStatistics,
  { alone, compared, nearDuplicates }: Likeness,
): void {
  say(`${references} references, ${megapixels.toFixed(1)} megapixels`);
  if (references === 0) return;
  const table = plainTable(['', 'from', 'references']);
  for (const [title, classes] of [
    ['longer side, pixels', sides],
    ['sharpness', sharpness],
  ] as const) {
    for (const [n, { from, count }] of classes.entries()) {
      table.push([n === 0 ? title : '', String(from), String(count)]);
    }
  }
  say(table.toString());
  const covered = compared === 0 ? 0 : Math.round((100 * (compared - alone.length)) / compared);
  say(`Coverage: ${covered} % have another reference of the kind beside them; ${alone.length} stand alone.`);
  say(`Near-duplicates: ${nearDuplicates.length} groups`);
  for (const group of nearDuplicates) {
    say(
      `  ${galleries
        .some(group)
        .map(({ name }) => name)
        .join(', ')}`,
    );
  }
}
