import type { TFunction } from 'i18next';
import type { RecordView } from '../../api/views.ts';

type T = TFunction<'references'>;
type Recorded = RecordView['references'][number];
type Closeness = NonNullable<Recorded['closeness']>;

/** As a key of the messages. */
function keyOf(closeness: Closeness) {
  return closeness.replace(' o', 'O').replace(' k', 'K') as 'sameObject' | 'sameKind' | 'weak' | 'rejected';
}

/** How close a reference is to the photo, in calibrated words and as a number; records of earlier versions have the number alone. */
export function likenessWords(t: T, similarity: number, closeness: Closeness | undefined): string {
  return closeness === undefined
    ? t('similarity', { similarity })
    : t('likeness', { words: t(`closeness.${keyOf(closeness)}`), similarity });
}

/** What the words of likeness rest on. */
export function likenessMeaning(t: T, closeness: Closeness | undefined): string | undefined {
  return closeness === undefined ? undefined : t(`meaning.${keyOf(closeness)}`);
}

/** Why no reference was used; undefined where one was. */
export function withoutReference(t: T, { decision, search }: Pick<RecordView, 'decision' | 'search'>) {
  switch (decision) {
    case 'found':
    case 'chosen':
      return undefined;
    case 'off':
      return t('none.off');
    case 'empty':
      return search?.excluded === undefined ? t('none.empty') : t('none.excluded');
    case 'rejected':
      return t('none.rejected');
  }
}

/** A share 0…1 in per cent. */
export function percentWords(t: T, share: number): string {
  return share > 0 && share < 0.005 ? t('fewPercent') : t('percent', { value: Math.round(share * 100) });
}
