import { Input, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DoneJob } from './done-job.ts';

interface CompareWithProps {
  /** Other results of the photo, by what sets them apart. */
  readonly others: ReadonlyMap<string, DoneJob>;
  /** The one of them that is on the left; null for the photo. */
  readonly before: DoneJob | null;
  readonly onBefore: (jobId: string | null) => void;
}

const PHOTO = 'photo';

/** What is on the left of the divider: the photo, or another result of it. */
export function CompareWith({ others, before, onBefore }: CompareWithProps) {
  const { t } = useTranslation('compare');
  const results = [...others].map(([words, { id }]) => ({ value: id, label: words }));
  return (
    <div>
      <Input.Label component="span" size="xs">
        {t('with.label')}
      </Input.Label>
      <SegmentedControl
        aria-label={t('with.label')}
        size="xs"
        fullWidth
        orientation={results.length > 1 ? 'vertical' : 'horizontal'}
        data={[{ value: PHOTO, label: t('with.photo') }, ...results]}
        value={before?.id ?? PHOTO}
        onChange={(value) => onBefore(value === PHOTO ? null : value)}
      />
    </div>
  );
}
