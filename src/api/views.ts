import type { Engine } from '../core/engine.ts';
import type { RasrError } from '../core/errors.ts';
import type { BatchProgress } from '../core/jobs/batch.ts';
import type { Job, JobChange } from '../core/jobs/job.ts';
import type { HandedPhoto } from '../core/jobs/photos.ts';
import type { Bundle } from '../core/models/bundle.ts';
import { CATALOGUE } from '../core/models/catalogue.ts';
import type { PullState } from '../core/models/model-pulls.ts';
import { lastCheck } from '../core/models/verify.ts';
import type { RecordedSameObject, RestorationRecord } from '../core/restoration/record.ts';
import type { RestorationProgress } from '../core/restoration/restore.ts';
import type { SwitchState } from '../core/retrieval/retriever-switch.ts';
import type { ApiError } from './trpc.ts';

/** A record as the renderer sees it: weight maps are large and come when they are asked for. */
export type RecordView = Omit<RestorationRecord, 'sameObject'> & {
  readonly sameObject: Omit<RecordedSameObject, 'weightMap'> | null;
};

/** A job as the renderer sees it: no paths. */
export type JobView = Omit<Job, 'output' | 'record'> & { readonly record: RecordView | null };

export function jobView({ output: _output, record, ...view }: Job): JobView {
  return { ...view, record: record === null ? null : recordView(record) };
}

function recordView({ sameObject, ...record }: RestorationRecord): RecordView {
  if (sameObject === null) return { ...record, sameObject };
  const { weightMap: _weightMap, ...view } = sameObject;
  return { ...record, sameObject: view };
}

/** What the renderer is told of jobs. The first event of a subscription is the snapshot. */
export type JobEvent =
  | {
      readonly kind: 'snapshot';
      readonly jobs: readonly JobView[];
      /** Where the job at work is, by its id. */
      readonly progress: Readonly<Record<string, RestorationProgress>>;
      readonly batch: BatchProgress;
    }
  | { readonly kind: 'job'; readonly job: JobView }
  | Exclude<JobChange, { kind: 'job' | 'list' }>;

/** All jobs as they are. */
export function jobsSnapshot({ jobs }: Engine): JobEvent {
  return {
    kind: 'snapshot',
    jobs: jobs.list().map(jobView),
    progress: jobs.progress(),
    batch: jobs.batch(),
  };
}

export function jobEvent(engine: Engine, change: JobChange): JobEvent {
  switch (change.kind) {
    case 'job':
      return { kind: 'job', job: jobView(change.job) };
    case 'list':
      return jobsSnapshot(engine);
    default:
      return change;
  }
}

/** A photo that was handed over, without where it lies. */
export type PhotoView = Omit<HandedPhoto, 'path' | 'subfolder'>;

export function photoView({ path: _path, subfolder: _subfolder, ...view }: HandedPhoto): PhotoView {
  return view;
}

/** A model bundle as the renderer sees it. */
export interface BundleView {
  readonly id: string;
  readonly kind: Bundle['manifest']['kind'];
  readonly title: string;
  readonly version: string;
  readonly licence: string;
  readonly bytes: number;
  readonly active: boolean;
  /** Whether it can be fetched again where its files are damaged. */
  readonly pullable: boolean;
  /** What the last check of its files found; null before the first. */
  readonly check: { readonly at: string; readonly fault: ApiError | null } | null;
  /** Who made the weights and how, and what was measured on them; every bundle has its own. */
  readonly provenance: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, unknown>>;
}

export function bundleViews(engine: Engine): BundleView[] {
  const active = new Set(
    [engine.activeGenerator(), engine.activeRetriever(), engine.activeFusion()].map(
      (bundle) => bundle?.manifest.id,
    ),
  );
  return engine.models.bundles.map((bundle) => ({
    ...manifestView(bundle),
    active: active.has(bundle.manifest.id),
    check: checkView(bundle),
  }));
}

function manifestView({ manifest }: Bundle): Omit<BundleView, 'active' | 'check'> {
  return {
    id: manifest.id,
    kind: manifest.kind,
    title: manifest.title,
    version: manifest.version,
    licence: manifest.licence,
    bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    pullable: CATALOGUE.some((entry) => entry.manifest.id === manifest.id),
    provenance: manifest.provenance,
    metrics: manifest.metrics,
  };
}

function checkView(bundle: Bundle): BundleView['check'] {
  const check = lastCheck(bundle);
  if (check === undefined) return null;
  return { at: check.at.toISOString(), fault: check.fault === null ? null : errorView(check.fault) };
}

/** A folder that wants to be a bundle and is not, as the renderer sees it. */
export function brokenViews(engine: Engine): { folder: string; error: ApiError }[] {
  return engine.models.broken.map(({ folder, error }) => ({ folder, error: errorView(error) }));
}

/** A refusal as the renderer sees it. */
function errorView({ code, message, remedy }: RasrError): ApiError {
  return { code, message, remedy };
}

/** A model that can be downloaded, or is being downloaded, as the renderer sees it. */
export interface PullView {
  readonly id: string;
  readonly kind: Bundle['manifest']['kind'];
  readonly title: string;
  readonly description: string;
  readonly licence: string;
  readonly bytes: number;
  /** The hub's name for where it comes from. */
  readonly repository: string;
  readonly state:
    | Exclude<PullState, { kind: 'failed' }>
    | { readonly kind: 'failed'; readonly error: ApiError };
}

export async function pullViews(engine: Engine): Promise<PullView[]> {
  return (await engine.pulls.list()).map(({ entry: { manifest, description, source, bytes }, state }) => ({
    id: manifest.id,
    kind: manifest.kind,
    title: manifest.title,
    description,
    licence: manifest.licence,
    bytes,
    repository: source.repository,
    state: pullState(state),
  }));
}

function pullState(state: PullState): PullView['state'] {
  return state.kind === 'failed' ? { kind: 'failed', error: errorView(state.error) } : state;
}

/** Where the change to another retriever is, as the renderer sees it. `to` and `serving` are titles. */
export type SwitchView =
  | { readonly kind: 'idle' }
  | (Extract<SwitchState, { kind: 'indexing' | 'calibrating' }> & { readonly serving: string })
  | {
      readonly kind: 'failed';
      readonly to: string;
      readonly serving: string;
      readonly error: ApiError;
    };

export function switchView(engine: Engine, state: SwitchState): SwitchView {
  if (state.kind === 'idle') return state;
  const bundle = engine.models.bundles.find(({ manifest }) => manifest.id === state.to);
  const titles = {
    to: bundle?.manifest.title ?? state.to,
    serving: engine.activeRetriever().manifest.title,
  };
  if (state.kind !== 'failed') return { ...state, ...titles };
  return { kind: 'failed', ...titles, error: errorView(state.error) };
}
