import type { Command } from 'commander';
import type { Engine } from '../../core/engine.ts';
import { toRasrError } from '../../core/errors.ts';
import type { Bundle } from '../../core/models/bundle.ts';
import { verifyBundle } from '../../core/models/verify.ts';
import { asBytes, complain, Progress, say, sayJson } from '../output.ts';
import { plainTable } from '../plain-table.ts';
import { type CommonOptions, EXIT, interruptSignal, withEngine } from '../session.ts';

/** Adds `rasr models …`. */
export function addModelsCommand(program: Command): void {
  const models = program.command('models').description('list, download, verify and choose models');

  models
    .command('list')
    .description('list the installed models, and those that can be downloaded')
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { json?: boolean }>();
      await withEngine(options, async (engine) => {
        const { bundles, broken } = engine.models;
        const active = [engine.activeGenerator(), engine.activeRetriever()];
        if (options.json === true) {
          return sayJson(
            bundles.map((bundle) => ({
              ...bundle.manifest,
              hash: bundle.hash,
              active: active.includes(bundle as never),
            })),
          );
        }
        const table = plainTable(['model', 'kind', 'version', 'licence', 'size', '']);
        for (const bundle of bundles) {
          const { id, kind, version, licence, files } = bundle.manifest;
          const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
          table.push([
            id,
            kind,
            version,
            licence,
            asBytes(bytes),
            active.includes(bundle as never) ? 'in use' : '',
          ]);
        }
        say(table.toString());
        for (const { entry, state } of await engine.pulls.list()) {
          const { id, title, licence } = entry.manifest;
          const kept =
            state.kind === 'available' && state.kept > 0 ? `, ${asBytes(state.kept)} of it here` : '';
          say(`To download: ${title}, ${licence}, ${asBytes(entry.bytes)}${kept}: rasr models pull ${id}`);
        }
        for (const { error } of broken) complain(error);
      });
    });

  models
    .command('pull')
    .description('download a model; a download that was cut short goes on')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      process.exitCode = await pull(id, command.optsWithGlobals<CommonOptions>());
    });

  models
    .command('verify')
    .description('check every installed model against its hashes')
    .action(async (_options: unknown, command: Command) => {
      process.exitCode = await withEngine(command.optsWithGlobals<CommonOptions>(), async (engine) => {
        let failed = engine.models.broken.length;
        for (const { error } of engine.models.broken) complain(error);
        for (const bundle of engine.models.bundles) {
          try {
            await verifyBundle(bundle);
            say(`${bundle.manifest.id} ${bundle.manifest.version}: intact`);
          } catch (error) {
            failed++;
            complain(toRasrError(error, bundle.folder));
          }
        }
        return failed > 0 ? EXIT.someFailed : EXIT.done;
      });
    });

  models
    .command('use')
    .description('work with this model from now on')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      await withEngine(command.optsWithGlobals<CommonOptions>(), async (engine) => {
        const kind = engine.useModel(id);
        if (kind === 'retriever' && !(await followSwitch(engine))) {
          say(
            `Interrupted. ${engine.activeRetriever().manifest.id} stays in use until "rasr models use ${id}" is run again.`,
          );
          process.exitCode = EXIT.interrupted;
          return;
        }
        say(`The ${kind} is now ${id}.`);
      });
    });
}

/** Shows how far the change to another retriever is; false where the user interrupted it. @throws RasrError where it was given up */
async function followSwitch({ retrieverSwitch }: Engine): Promise<boolean> {
  const signal = interruptSignal();
  signal.addEventListener('abort', () => void retrieverSwitch.stop());
  const bars = { indexing: new Progress('indexing   '), calibrating: new Progress('calibrating') };
  retrieverSwitch.events.on('change', (state) => {
    if (state.kind === 'indexing' || state.kind === 'calibrating') {
      if (state.kind === 'calibrating') bars.indexing.end();
      bars[state.kind].show(state.done, state.total);
    }
  });
  try {
    await retrieverSwitch.settled();
    return !signal.aborted;
  } finally {
    bars.indexing.end();
    bars.calibrating.end();
  }
}

async function pull(id: string, options: CommonOptions): Promise<number> {
  return withEngine(options, async (engine) => {
    const signal = interruptSignal();
    const progress = new Progress('downloading');
    const megabytes = (bytes: number) => Math.floor(bytes / 1e6);
    let bundle: Bundle;
    try {
      bundle = await engine.pulls.pull(
        id,
        (done, total) => progress.show(megabytes(done), megabytes(total), 'MB'),
        signal,
      );
    } catch (error) {
      if (!signal.aborted) throw error;
      complain(toRasrError(error, id));
      return EXIT.interrupted;
    } finally {
      progress.end();
    }
    const { title, kind } = bundle.manifest;
    say(`${title} is installed. Make it the ${kind} with "rasr models use ${id}".`);
    return EXIT.done;
  });
}
