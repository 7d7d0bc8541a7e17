import type { JobView, RecordView } from '../../api/views.ts';
import { type DoneJob, isDone } from './done-job.ts';
import { percentWords, type T } from './words.ts';

/** Other results of a job's photo by what sets them apart from it and from each other, the latest of each, latest first. */
export function otherResults(t: T, jobs: readonly JobView[], job: DoneJob): Map<string, DoneJob> {
  const results = new Map<string, DoneJob>();
  const own = resultWords(t, job.record, job.record);
  for (const other of jobs.toReversed()) {
    if (other.photoId !== job.photoId || other.id === job.id || !isDone(other)) continue;
    const words = resultWords(t, other.record, job.record);
    if (words !== own && !results.has(words)) results.set(words, other);
  }
  return results;
}

/** The result that differs from a job's in nothing but that no reference was used, where there is one. */
export function resultWithout(others: Iterable<DoneJob>, { record }: DoneJob): DoneJob | undefined {
  return [...others].find(
    ({ record: other }) =>
      other.references.length === 0 &&
      other.scale === record.scale &&
      other.generator.hash === record.generator.hash,
  );
}

/** What a result was made with; of scale and model only what differs from another result's. */
export function resultWords(t: T, record: RecordView, beside: RecordView): string {
  const { references, referenceStrength, scale, generator } = record;
  const names = references.map(({ name }) => name).join(', ');
  return [
    names === '' ? t('result.without') : t('result.with', { names }),
    ...(names === '' || referenceStrength === 1 ? [] : [percentWords(t, referenceStrength)]),
    ...(scale === beside.scale ? [] : [t('result.scale', { scale })]),
    ...(generator.hash === beside.generator.hash ? [] : [`${generator.id} ${generator.version}`]),
  ].join(', ');
}
