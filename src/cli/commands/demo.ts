import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { RESOURCES } from '../../core/app-info.ts';
import type { Engine } from '../../core/engine.ts';
import { planImport } from '../../core/galleries/import.ts';
import { DEFAULT_NAME_TEMPLATE } from '../../core/restoration/output-name.ts';
import type { Restoration } from '../../core/restoration/restore.ts';
import { Progress, say } from '../output.ts';
import { type ReportEntry, writeReport } from '../report/report.ts';
import { withEngine } from '../session.ts';
import { plainTable } from './gallery.ts';

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
    const restoration = await engine.restore({
      photo,
      scale: 4,
      references: { kind: 'find', galleryId: null },
      outputFolder: path.join(folder, 'restored'),
      nameTemplate: DEFAULT_NAME_TEMPLATE,
      format: 'keep',
      ifExists: 'refuse',
    });
    entries.push({ photo, restoration, references: picturesUsed(engine, restoration) });
  }
  bar.end();

  const report = path.join(folder, 'report.html');
  await writeReport(report, entries, engine.tool);
  say(resultTable(entries));
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

function resultTable(entries: readonly ReportEntry[]): string {
  const table = plainTable(['photo', 'gallery', 'reference', 'similarity', 'restored', 'seconds']);
  for (const { restoration } of entries) {
    const { record } = restoration;
    const best = record.search?.best ?? null;
    const used = record.decision === 'found';
    table.push([
      record.photo.name,
      used ? best!.gallery! : 'none fits',
      used ? best!.name : '–',
      best === null
        ? '–'
        : `${best.similarity!.toFixed(2)}${used ? '' : ` < ${record.search!.threshold.toFixed(2)}`}`,
      used ? 'with reference' : 'without reference',
      record.seconds.toFixed(1),
    ]);
  }
  return table.toString();
}
