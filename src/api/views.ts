import type { Engine } from '../core/engine.ts';
import type { ImportOutcome } from '../core/galleries/import.ts';
import type { Job, JobChange } from '../core/jobs/job.ts';
import type { HandedPhoto } from '../core/jobs/photos.ts';
import type { Bundle } from '../core/models/bundle.ts';

/** A job as the renderer sees it: no paths. */
export type JobView = Omit<Job, 'output'>;

export function jobView({ output: _output, ...view }: Job): JobView {
  return view;
}

/** What the renderer is told of jobs. The first event of a subscription is the snapshot. */
export type JobEvent =
  | { readonly kind: 'snapshot'; readonly jobs: readonly JobView[] }
  | { readonly kind: 'job'; readonly job: JobView }
  | Exclude<JobChange, { kind: 'job' }>;

export function jobEvent(change: JobChange): JobEvent {
  return change.kind === 'job' ? { kind: 'job', job: jobView(change.job) } : change;
}

/** A photo that was handed over, without its path. */
export type PhotoView = Omit<HandedPhoto, 'path'>;

export function photoView({ path: _path, ...view }: HandedPhoto): PhotoView {
  return view;
}

/** What became of a file handed over for import. */
export interface ImportView {
  readonly photoId: string;
  readonly kind: ImportOutcome['kind'];
  /** Why it was refused, else null. */
  readonly message: string | null;
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
}

export function bundleViews(engine: Engine): BundleView[] {
  const active = new Set([engine.activeGenerator().manifest.id, engine.activeRetriever().manifest.id]);
  return engine.models.bundles.map(({ manifest }) => ({
    id: manifest.id,
    kind: manifest.kind,
    title: manifest.title,
    version: manifest.version,
    licence: manifest.licence,
    bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    active: active.has(manifest.id),
  }));
}
