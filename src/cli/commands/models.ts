import type { Command } from 'commander';
import { toRasrError } from '../../core/errors.ts';
import { verifyBundle } from '../../core/models/verify.ts';
import { asBytes, complain, say, sayJson } from '../output.ts';
import { type CommonOptions, EXIT, withEngine } from '../session.ts';
import { plainTable } from './gallery.ts';

/** Adds `rasr models …`. */
export function addModelsCommand(program: Command): void {
  const models = program.command('models').description('list, verify and choose models');

  models
    .command('list')
    .description('list the installed models')
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
        for (const { error } of broken) complain(error);
      });
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
        say(`The ${kind} is now ${id}.`);
      });
    });
}
