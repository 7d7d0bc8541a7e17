import { existsSync, readFileSync, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { RasrError } from '../errors.ts';
import { type IfExists, outputExists, prepareFolder, writeFileAtomically } from '../files/atomic-write.ts';
import { sha256OfFile } from '../files/hash.ts';
import type { RetrieverBundle } from '../models/bundle.ts';
import { decodePhoto, readPhotoHeader } from '../photo/decode.ts';
import { encodePicture, type Picture } from '../photo/encode.ts';
import type { ImageFormat } from '../photo/formats.ts';
import type { Photo, Samples } from '../photo/photo.ts';
import { restorationXmp } from '../photo/xmp.ts';
import type { FeatureCache } from './feature-cache.ts';
import { fidelity } from './fidelity.ts';
import { generate } from './generate.ts';
import { type Generator, joinFeatures } from './generator.ts';
import { outputName, stemOf } from './output-name.ts';
import { countTiles, type OutputScale, planTiles, type TilePlan } from './plan.ts';
import { type RestorationRecord, recordedModel } from './record.ts';
import { type ReferenceChoice, type ReferenceSearch, selectReferences } from './references.ts';

/** What to do with one photo. */
export interface RestorationRequest {
  /** Absolute path of the photo. */
  readonly photo: string;
  readonly scale: OutputScale;
  readonly references: ReferenceChoice;
  /** Absolute path of the folder the output goes to. */
  readonly outputFolder: string;
  readonly nameTemplate: string;
  /** `keep` writes the photo's own format. */
  readonly format: ImageFormat | 'keep';
  readonly ifExists: IfExists;
}

/** Where a restoration is. */
export type RestorationProgress =
  | { readonly stage: 'decoding' | 'finding references' | 'encoding' }
  | { readonly stage: 'generating'; readonly done: number; readonly total: number };

/** One photo restored. */
export interface Restoration {
  /** Absolute path of the output; its record lies beside it. */
  readonly output: string;
  readonly record: RestorationRecord;
}

/** The models and caches a restoration works with. */
export interface RestorationTools {
  readonly generator: Generator;
  readonly retriever: RetrieverBundle;
  readonly search: ReferenceSearch;
  readonly features: FeatureCache;
  /** Name and version of the app, for the record. */
  readonly tool: string;
}

/**
 * One photo, start to finish: x_hr = G(x_lr, R(x_lr, D)).
 *
 * @throws RasrError; whatever happens the photo is untouched and no partial output is left
 */
export async function restorePhoto(
  request: RestorationRequest,
  tools: RestorationTools,
  onProgress: (progress: RestorationProgress) => void = () => {},
  signal?: AbortSignal,
): Promise<Restoration> {
  const started = performance.now();
  const { generator } = tools;

  onProgress({ stage: 'decoding' });
  const header = await readPhotoHeader(request.photo);
  const plan = planTiles(
    request.photo,
    header.width,
    header.height,
    request.scale,
    generator.bundle.manifest.tiles,
  );
  const photo = await decodePhoto(request.photo);
  const sha256 = await sha256OfFile(request.photo);

  onProgress({ stage: 'finding references' });
  const { maxReferences } = generator.bundle.manifest.reference;
  const selection = await selectReferences(request.photo, request.references, maxReferences, tools.search);
  const output = outputPath(request, photo, selection.used[0]?.recorded.gallery ?? 'none');
  refuseToReplace(output, request.ifExists, photo.file);
  await prepareFolder(request.outputFolder);
  const features = await Promise.all(
    selection.used.map(({ file, recorded }) => tools.features.features(generator, recorded.sha256, file)),
  );

  onProgress({ stage: 'generating', done: 0, total: countTiles(plan) });
  const data = await generate(
    photo,
    plan,
    features.length > 0 ? joinFeatures(features) : null,
    generator,
    (done, total) => onProgress({ stage: 'generating', done, total }),
    signal,
  );

  onProgress({ stage: 'encoding' });
  signal?.throwIfAborted();
  const size = { width: plan.width * plan.scale, height: plan.height * plan.scale };
  const record: RestorationRecord = {
    schemaVersion: 1,
    tool: tools.tool,
    createdAt: new Date().toISOString(),
    photo: { name: path.basename(photo.file), sha256, width: photo.width, height: photo.height },
    output: { name: path.basename(output), ...size },
    scale: plan.scale,
    decision: selection.decision,
    references: selection.used.map(({ recorded }) => recorded),
    search: selection.search,
    generator: recordedModel(generator.bundle),
    retriever: selection.search === null ? null : recordedModel(tools.retriever),
    device: generator.device.label,
    tiles: countTiles(plan),
    fidelity: round(fidelity(data, photo.data, photo.width, photo.height, plan.scale), 2),
    seconds: round((performance.now() - started) / 1000, 2),
  };
  const picture = { ...size, data, alpha: await enlargeAlpha(photo, plan) };
  await save(picture, photo, record, output, request);
  return { output, record };
}

/**
 * Refuses early, before minutes of work. Even where replacing was asked for, only what we made of this
 * photo is replaced: neither an original nor another photo's output is ever overwritten, whatever the
 * name template says.
 */
function refuseToReplace(output: string, ifExists: IfExists, photo: string): void {
  if (!existsSync(output)) return;
  if (ifExists === 'refuse') throw outputExists(output);
  if (isSameFile(output, photo)) {
    throw new RasrError(
      'OUTPUT_EXISTS',
      `${output} is the photo itself, which is never overwritten.`,
      'Choose another name or another folder.',
    );
  }
  const made = photoOfOutput(output);
  if (made === path.basename(photo)) return;
  throw new RasrError(
    'OUTPUT_EXISTS',
    `${output} exists and was ${made === null ? 'not made by RASR' : `made from ${made}`}, so it is not overwritten.`,
    'Choose another name or another folder.',
  );
}

/** Name of the photo that an output of ours was made from; null where the file is none of ours. */
function photoOfOutput(output: string): string | null {
  try {
    return (JSON.parse(readFileSync(recordPath(output), 'utf8')) as RestorationRecord).photo.name;
  } catch {
    return null;
  }
}

/** Whatever the paths look like: other case, links. */
function isSameFile(a: string, b: string): boolean {
  const [first, second] = [statSync(a, { bigint: true }), statSync(b, { bigint: true })];
  return first.dev === second.dev && first.ino === second.ino;
}

/** The record lies beside the output under its full name, so that x.jpg and x.png keep theirs apart. */
export function recordPath(output: string): string {
  return `${output}.rasr.json`;
}

async function save(
  picture: Picture,
  photo: Photo,
  record: RestorationRecord,
  output: string,
  request: RestorationRequest,
): Promise<void> {
  const format = request.format === 'keep' ? photo.format : request.format;
  const xmp = restorationXmp(record.tool, JSON.stringify(record), photo.xmp);
  await writeFileAtomically(output, request.ifExists, (temporary) =>
    encodePicture(picture, photo, format, xmp, temporary),
  );
  try {
    await writeFileAtomically(recordPath(output), 'replace', (temporary) =>
      writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`),
    );
  } catch (error) {
    // An output without its record is half a result: the next attempt shall find neither.
    await rm(output, { force: true });
    throw error;
  }
}

function outputPath(request: RestorationRequest, photo: Photo, gallery: string): string {
  const format = request.format === 'keep' ? photo.format : request.format;
  const values = {
    name: stemOf(photo.file),
    scale: request.scale,
    gallery,
    date: new Date().toISOString().slice(0, 10),
  };
  return path.join(request.outputFolder, outputName(request.nameTemplate, values, format));
}

async function enlargeAlpha(photo: Photo, plan: TilePlan): Promise<Samples | null> {
  if (photo.alpha === null || plan.scale === 1) return photo.alpha;
  const deep = photo.alpha instanceof Uint16Array;
  const { data } = await sharp(photo.alpha, {
    raw: { width: photo.width, height: photo.height, channels: 1 },
  })
    .toColourspace(deep ? 'grey16' : 'b-w')
    .resize(plan.width * plan.scale, plan.height * plan.scale, { fit: 'fill', kernel: 'cubic' })
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return deep ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : new Uint8Array(data);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
