import { arch, cpus, platform, release, totalmem } from 'node:os';
import Database from 'better-sqlite3';
import type { Command } from 'commander';
import sharp from 'sharp';
import { APP_VERSION } from '../../core/app-info.ts';
import type { Engine } from '../../core/engine.ts';
import { toRasrError } from '../../core/errors.ts';
import { listDevices } from '../../core/models/device.ts';
import { verifyBundle } from '../../core/models/verify.ts';
import { asBytes, complain, say, sayJson } from '../output.ts';
import { type CommonOptions, EXIT, withEngine } from '../session.ts';

/** Adds `rasr doctor`. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('show versions and devices, and check the library and the models')
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { json?: boolean }>();
      process.exitCode = await withEngine(options, async (engine) => {
        const faults = [];
        for (const bundle of engine.models.bundles) {
          await verifyBundle(bundle).catch((error: unknown) =>
            faults.push(toRasrError(error, bundle.folder)),
          );
        }
        faults.push(...engine.models.broken.map(({ error }) => error));
        const galleries = engine.galleries.list();
        const report = {
          rasr: APP_VERSION,
          node: process.versions.node,
          system: `${platform()} ${release()} ${arch()}, ${cpus().length} cores, ${asBytes(totalmem())}`,
          sqlite: new Database(':memory:').prepare('SELECT sqlite_version()').pluck().get(),
          libvips: sharp.versions.vips,
          'devices known': listDevices()
            .map(({ label }) => label)
            .join(', '),
          'device used': engine.devices.chosen.label,
          generator: engine.activeGenerator().manifest.id,
          retriever: `${engine.activeRetriever().manifest.id}${comingRetriever(engine)}`,
          models: faults.length === 0 ? `${engine.models.bundles.length} intact` : `${faults.length} faulty`,
          library: engine.library.paths.root,
          'library health': engine.library.isHealthy() ? 'sound' : 'DAMAGED',
          galleries: `${galleries.length} with ${galleries.reduce((sum, { references }) => sum + references, 0)} references`,
        };
        if (options.json === true) sayJson(report);
        else for (const [key, value] of Object.entries(report)) say(`${key.padEnd(16)}${value}`);
        for (const fault of faults) complain(fault);
        return faults.length === 0 && engine.library.isHealthy() ? EXIT.done : EXIT.someFailed;
      });
    });
}

/** The retriever to come, where a change was begun and is not done. */
function comingRetriever({ retrieverSwitch }: Engine): string {
  const { next } = retrieverSwitch;
  return next === undefined ? '' : `, to become ${next} (go on with "rasr models use ${next}")`;
}
