import path from 'node:path';
import type { Aligner } from '../alignment/aligner.ts';
import { prepareFolder } from '../files/atomic-write.ts';
import { sha256OfFile } from '../files/hash.ts';
import type { RetrieverBundle } from '../models/bundle.ts';
import { decodePhoto, readPhotoHeader } from '../photo/decode.ts';
import type { ImageFormat } from '../photo/formats.ts';
import type { Photo, Samples } from '../photo/photo.ts';
import { conditionOn } from './conditioning.ts';
import type { FeatureCache } from './feature-cache.ts';
import { fidelity } from './fidelity.ts';
import type { Fusion } from './fusion.ts';
import { type Conditioning, generate } from './generate.ts';
import type { Generator } from './generator.ts';
import { chooseOutput, type IfOutputExists, saveOutput } from './output-file.ts';
import { outputName, stemOf } from './output-name.ts';
import { countTiles, type OutputScale, planTiles, type TilePlan } from './plan.ts';
import { type RecordedSameObject, type RestorationRecord, recordedModel } from './record.ts';
import type { ReferenceChoice, ReferenceSearch } from './references.ts';
import { enlargeSamples } from './tiles.ts';
import type { TrustMap } from './trust-map.ts';

/** What to do with one photo. */
export interface RestorationRequest {
  /** Absolute path of the photo. */
  readonly photo: string;
  readonly scale: OutputScale;
  readonly references: ReferenceChoice;
  /** How much references count, 0…1; 0 is exactly as without. */
  readonly referenceStrength: number;
  /** How much detail to invent, 0…1; without, and where the generator has no such input, it is the model's choice. */
  readonly detail?: number | undefined;
  /** Absolute path of the folder the output goes to. */
  readonly outputFolder: string;
  readonly nameTemplate: string;
  /** `keep` writes the photo's own format. */
  readonly format: ImageFormat | 'keep';
  readonly ifExists: IfOutputExists;
  /** Names that are not free though the output folder has no such file. */
  readonly takenNames?: readonly string[];
  /** Told the output's path once it is chosen, before it is made. */
  readonly onOutput?: (output: string) => void;
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
  /** What fuses references of the very same object; null where no such model is installed. */
  readonly sameObject: { readonly aligner: Aligner; readonly fusion: Fusion } | null;
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
  const detail = generator.detailFor(request.detail ?? null);
  const settings = { strength: request.referenceStrength, detail };
  const conditioned = await conditionOn(photo, request.references, settings, tools);
  const { conditioning, used } = conditioned;
  try {
    const output = chooseOutput(nameOf(request, photo, used[0]?.gallery ?? 'none'), request);
    await prepareFolder(request.outputFolder);
    request.onOutput?.(output);

    onProgress({ stage: 'generating', done: 0, total: countTiles(plan) });
    const { data, trust } = await generate(
      photo,
      plan,
      conditioning,
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
      decision: conditioned.decision,
      references: used,
      sameObject: await recordSameObject(conditioning.sameObject, trust),
      referenceStrength: request.referenceStrength,
      detail,
      search: conditioned.search,
      generator: recordedModel(generator.bundle),
      retriever: conditioned.search === null ? null : recordedModel(tools.retriever),
      device: generator.device.label,
      tiles: countTiles(plan),
      fidelity: round(fidelity(data, photo.data, photo.width, photo.height, plan.scale), 2),
      seconds: round((performance.now() - started) / 1000, 2),
    };
    const picture = { ...size, data, alpha: enlargeAlpha(photo, plan) };
    await saveOutput(picture, photo, record, output, request);
    return { output, record };
  } finally {
    await conditioning.sameObject?.aligned.release();
  }
}

async function recordSameObject(
  sameObject: Conditioning['sameObject'],
  trust: TrustMap | null,
): Promise<RecordedSameObject | null> {
  if (sameObject === null || trust === null) return null;
  const { aligned, fusion } = sameObject;
  return {
    sha256: aligned.reference.recorded.sha256,
    fusion: recordedModel(fusion.bundle),
    overlap: round(aligned.overlap, 3),
    used: round(trust.share(), 3),
    inliers: aligned.alignment.inliers,
    correlation: round(aligned.alignment.correlation, 3),
    toReference: aligned.toReference.map((value) => Number(value.toPrecision(9))),
    weightMap: (await trust.toPng()).toString('base64'),
  };
}

function nameOf(request: RestorationRequest, photo: Photo, gallery: string): string {
  const format = request.format === 'keep' ? photo.format : request.format;
  const values = {
    name: stemOf(photo.file),
    scale: request.scale,
    gallery,
    date: new Date().toISOString().slice(0, 10),
  };
  return outputName(request.nameTemplate, values, format);
}

/** Not by sharp: what libvips enlarges is moved by half a pixel. */
function enlargeAlpha({ alpha, width, height }: Photo, { scale }: TilePlan): Samples | null {
  return alpha === null || scale === 1 ? alpha : enlargeSamples(alpha, width, height, scale);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
