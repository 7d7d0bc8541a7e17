import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { RESOURCES } from '../../core/app-info.ts';
import type { Engine } from '../../core/engine.ts';
import { planImport } from '../../core/galleries/import.ts';
import { DEFAULT_NAME_TEMPLATE } from '../../core/restoration/output-name.ts';
import type { ReferenceChoice } from '../../core/restoration/references.ts';
import type { Restoration } from '../../core/restoration/restore.ts';
import { Progress, say } from '../output.ts';
import { type ReportEntry, writeReport } from '../report/report.ts';
import { resultTable } from '../report/result-table.ts';
import { withEngine } from '../session.ts';

/** Adds `rasr demo`. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('restore the sample photos against the sample galleries, in a temporary library')
    .action(async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'rasr-demo-'));
      await withEngine({ library: path.join(folder, 'library') }, (engine) => demo(engine, folder));
    });
}

async function demo(engine: Engine, folder: string): Promise<void> {
  const samples = path.join(RESOURCES, 'samples');
  await importSamples(engine, path.join(samples, 'galleries'));

  const entries: ReportEntry[] = [];
  const photos = (await readdir(path.join(samples, 'photos'))).sort();
  const bar = new Progress('restoring');
  for (const [i, name] of photos.entries()) {
    bar.show(i, photos.length, name);
    const photo = path.join(samples, 'photos', name);
    const restore = (references: ReferenceChoice, subfolder: string) =>
      engine.restore({
        photo,
        scale: 4,
        references,
        referenceStrength: 1,
        outputFolder: path.join(folder, subfolder),
        nameTemplate: DEFAULT_NAME_TEMPLATE,
        format: 'keep',
        ifExists: 'refuse',
      });
    const restoration = await restore({ kind: 'find', galleryId: null }, 'restored');
    // Where the reference shows the very same object, what it is worth is seen beside a result without it.
    const without =
      restoration.record.sameObject === null ? null : await restore({ kind: 'none' }, 'without-reference');
    entries.push({ photo, restoration, without, references: picturesUsed(engine, restoration) });
  }
  bar.end();

  const report = path.join(folder, 'report.html');
  await writeReport(report, entries, engine.tool);
  say(resultTable(entries.map(({ restoration }) => restoration.record)));
  say('');
  say(`Restored photos: ${path.join(folder, 'restored')}`);
  say(`Before and after: ${report}`);
}

async function importSamples(engine: Engine, galleries: string): Promise<void> {
  const items = await planImport([galleries]);
  const bar = new Progress('importing');
  let done = 0;
  for await (const outcome of engine.importReferences(items)) {
    if (outcome.kind === 'refused') throw outcome.error;
    bar.show(++done, items.length);
  }
  bar.end();
  const counts = engine.galleries.list().map(({ name, references }) => `${name} (${references})`);
  say(`Imported ${done} references: ${counts.join(', ')}.\n`);
}

/** Where the pictures of the references lie that were used. */
function picturesUsed(engine: Engine, { record }: Restoration): string[] {
  return record.references.map(({ sha256 }) => engine.library.paths.proxy(sha256));
}
