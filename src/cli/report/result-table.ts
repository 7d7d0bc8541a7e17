import type { RestorationRecord } from '../../core/restoration/record.ts';
import { asSimilarity } from '../output.ts';
import { plainTable } from '../plain-table.ts';

/** What was found for each photo, and which way it took. */
export function resultTable(records: readonly RestorationRecord[]): string {
  const table = plainTable(['photo', 'gallery', 'reference', 'similarity', 'path', 'seconds']);
  for (const record of records) {
    const [used] = record.references;
    table.push([
      record.photo.name,
      used === undefined ? 'none fits' : (used.gallery ?? '–'),
      used?.name ?? '–',
      similarityWords(record),
      pathWords(record),
      record.seconds.toFixed(1),
    ]);
  }
  return table.toString();
}

function similarityWords({ references: [used], sameObject, search }: RestorationRecord): string {
  if (used !== undefined) {
    if (used.similarity === null) return '–';
    // What lies on the photo point by point needs no likeness.
    const word = sameObject === null && used.closeness !== undefined ? `, ${used.closeness}` : '';
    return `${asSimilarity(used.similarity)}${word}`;
  }
  const best = search?.best?.similarity;
  return best == null ? '–' : `${asSimilarity(best)} < ${asSimilarity(search!.threshold)}`;
}

function pathWords({ references, sameObject }: RestorationRecord): string {
  if (sameObject !== null) return `this very object: ${Math.round(sameObject.used * 100)} % of the picture`;
  return references.length > 0 ? 'its texture' : 'none';
}
