import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Engine } from '../../core/engine.ts';
import { RasrError, toRasrError } from '../../core/errors.ts';
import { type FoundFile, findFiles } from '../../core/files/walk.ts';
import { readPhotoHeader } from '../../core/photo/decode.ts';
import { hasImageExtension, IMAGE_FORMATS, type ImageFormat } from '../../core/photo/formats.ts';
import { recordPath } from '../../core/restoration/output-file.ts';
import { checkNameTemplate, DEFAULT_NAME_TEMPLATE } from '../../core/restoration/output-name.ts';
import { OUTPUT_SCALES, type OutputScale } from '../../core/restoration/plan.ts';
import type { RecordedReference, RestorationRecord } from '../../core/restoration/record.ts';
import type { ReferenceChoice } from '../../core/restoration/references.ts';
import type { Restoration, RestorationProgress, RestorationRequest } from '../../core/restoration/restore.ts';
import { asSimilarity, complain, Progress, say, sayJson, warn } from '../output.ts';
import { referencesByName } from '../reference-names.ts';
import { type CommonOptions, EXIT, interruptSignal, withEngine } from '../session.ts';

interface RestoreOptions extends CommonOptions {
  readonly gallery?: string;
  /** A file; false where --no-reference was given. */
  readonly reference?: string | false;
  /** References of the library by their names. */
  readonly pin?: readonly string[];
  readonly exclude?: readonly string[];
  readonly strength: number;
  readonly detail?: number;
  readonly scale: `${OutputScale}`;
  readonly out?: string;
  readonly format: ImageFormat | 'keep';
  readonly name: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Adds `rasr restore`. */
export function addRestoreCommand(program: Command): void {
  program
    .command('restore')
    .description('restore photos, with the best reference found in your galleries')
    .argument('<photos...>', 'image files, or folders to search for them')
    .addOption(new Option('--gallery <name>', 'look for references in this gallery only'))
    .addOption(new Option('--reference <file>', 'use this image as the reference').conflicts('gallery'))
    .addOption(new Option('--no-reference', 'use no reference'))
    .addOption(
      new Option('--pin <gallery/name>', 'use this reference in any case; may be repeated')
        .argParser(collect)
        .conflicts('reference'),
    )
    .addOption(
      new Option('--exclude <gallery/name>', 'do not use this reference; may be repeated')
        .argParser(collect)
        .conflicts('reference'),
    )
    .addOption(
      new Option('--strength <n>', 'how much references count, from 0 to 1').argParser(parseShare).default(1),
    )
    .addOption(
      new Option(
        '--detail <n>',
        "how much detail to invent, from 0 to 1, with models that have this (default: the model's)",
      ).argParser(parseShare),
    )
    .addOption(
      new Option('--scale <n>', 'times larger than the photo')
        .choices(OUTPUT_SCALES.map(String))
        .default('4'),
    )
    .addOption(new Option('--out <folder>', 'where the outputs go (default: beside each photo)'))
    .addOption(
      new Option('--format <format>', 'format of the outputs')
        .choices(['keep', ...IMAGE_FORMATS])
        .default('keep'),
    )
    .addOption(
      new Option('--name <template>', 'name of the outputs, of {name} {scale} {gallery} {date}').default(
        DEFAULT_NAME_TEMPLATE,
      ),
    )
    .addOption(new Option('--overwrite', 'replace outputs that RASR made earlier'))
    .addOption(new Option('--json', 'print one line of JSON for each photo'))
    .action(async (named: string[], _options: unknown, command: Command) => {
      process.exitCode = await restore(named, command.optsWithGlobals<RestoreOptions>());
    });
}

async function restore(named: readonly string[], options: RestoreOptions): Promise<number> {
  checkNameTemplate(options.name);
  if (typeof options.reference === 'string') await readPhotoHeader(options.reference);
  return withEngine(options, async (engine) => {
    const references = referenceChoice(engine, options);
    warnOfNoDetail(engine, options);
    const signal = interruptSignal();
    const report = reporter(options);
    let failed = 0;
    for (const entry of named) {
      const photos = await listPhotos(entry).catch((error: unknown) => {
        failed++;
        report.failed(entry, toRasrError(error, entry));
        return [];
      });
      for (const photo of photos) {
        try {
          report.done(
            photo.path,
            await engine.restore(requestFor(photo, references, options), report.progress, signal),
          );
        } catch (error) {
          if (signal.aborted) return EXIT.interrupted;
          failed++;
          report.failed(photo.path, toRasrError(error, photo.path));
        } finally {
          report.end();
        }
      }
    }
    return failed > 0 ? EXIT.someFailed : EXIT.done;
  });
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function parseShare(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return value;
}

/** The photos a command-line entry stands for. Our own outputs in a folder are not restored again. */
async function listPhotos(entry: string): Promise<FoundFile[]> {
  const found = await findFiles(entry, (file) => hasImageExtension(file) && !existsSync(recordPath(file)));
  if (found.length > 0) return found;
  throw new RasrError(
    'FILE_MISSING',
    `${entry}: there is no photo in this folder.`,
    'Name a folder with photos.',
  );
}

/** Once, not for every photo: the photos are restored all the same, and their records say so. */
function warnOfNoDetail(engine: Engine, { detail }: RestoreOptions): void {
  const { id, detail: known } = engine.activeGenerator().manifest;
  if (detail !== undefined && known === undefined)
    warn(`Model ${id} has no detail setting: --detail changes nothing.`);
}

function referenceChoice(engine: Engine, { reference, gallery, ...named }: RestoreOptions): ReferenceChoice {
  if (reference === false) return { kind: 'none' };
  if (reference !== undefined) return { kind: 'file', file: path.resolve(reference) };
  return {
    kind: 'find',
    galleryId: gallery === undefined ? null : engine.galleries.byName(gallery).id,
    pinned: referencesByName(engine, named.pin ?? []),
    excluded: referencesByName(engine, named.exclude ?? []),
  };
}

function requestFor(
  photo: FoundFile,
  references: ReferenceChoice,
  options: RestoreOptions,
): RestorationRequest {
  const folder = path.dirname(photo.path);
  return {
    photo: photo.path,
    scale: Number(options.scale) as OutputScale,
    references,
    referenceStrength: options.strength,
    detail: options.detail,
    // Below --out, folders keep their structure.
    outputFolder:
      options.out === undefined ? folder : path.resolve(options.out, path.relative(photo.root, folder)),
    nameTemplate: options.name,
    format: options.format,
    ifExists: options.overwrite === true ? 'replace' : 'refuse',
  };
}

interface Reporter {
  progress(progress: RestorationProgress): void;
  done(photo: string, restoration: Restoration): void;
  failed(photo: string, error: RasrError): void;
  end(): void;
}

function reporter({ json }: RestoreOptions): Reporter {
  let bar = new Progress('restoring');
  return {
    progress(progress) {
      if (progress.stage === 'generating') bar.show(progress.done, progress.total, 'tiles');
    },
    done(photo, { output, record }) {
      bar.end();
      if (json === true) sayJson({ status: 'done', photo, output, record });
      else say(`${photo} → ${output} (${describeDecision(record)}, ${record.seconds.toFixed(1)} s)`);
    },
    failed(photo, error) {
      bar.end();
      const { code, message, remedy } = error;
      if (json === true) sayJson({ status: 'failed', photo, error: { code, message, remedy } });
      else complain(error);
    },
    end() {
      bar.end();
      bar = new Progress('restoring');
    },
  };
}

/** What became of the references, in a few words. */
export function describeDecision(record: RestorationRecord): string {
  const { decision, references, sameObject, search } = record;
  const [used] = references;
  if (sameObject !== null) {
    const name = used!.gallery === null ? used!.name : `${used!.gallery} / ${used!.name}`;
    return `${Math.round(sameObject.used * 100)} % of it from ${name}, which shows this very thing`;
  }
  switch (decision) {
    case 'found':
      return `with ${used!.gallery} / ${used!.name}, ${used!.closeness}, similarity ${asSimilarity(used!.similarity!)}`;
    case 'chosen':
      return `with ${references.map(asChosen).join(' and ')}`;
    case 'rejected':
      return (
        `without a reference: the best, ${search!.best!.gallery} / ${search!.best!.name}, has similarity ` +
        `${asSimilarity(search!.best!.similarity!)} and needs ${asSimilarity(search!.threshold)}`
      );
    case 'empty':
      return `without a reference: ${search?.excluded === undefined ? 'the galleries are empty' : 'no other is there'}`;
    case 'off':
      return 'without a reference';
  }
}

/** A reference the user decided on, with its likeness where it is one of the library. */
function asChosen({ gallery, name, similarity }: RecordedReference): string {
  return gallery === null ? name : `${gallery} / ${name}, similarity ${asSimilarity(similarity!)}`;
}
