import { Button } from '@mantine/core';
import { IconLayersDifference } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { JobView } from '../../api/views.ts';
import { useJobActions } from '../restore/use-job-actions.ts';

interface WithoutReferenceButtonProps {
  readonly job: JobView;
  /** The job that was started here, if any. */
  readonly started: JobView | undefined;
  readonly onStarted: (jobId: string) => void;
}

/** Restores the same photo as it would be without a reference, to be compared. */
export function WithoutReferenceButton({ job, started, onStarted }: WithoutReferenceButtonProps) {
  const { t } = useTranslation('compare');
  const { start } = useJobActions();
  const open = started?.state === 'queued' || started?.state === 'running';

  const restore = async () => {
    const settings = { ...job.settings, gallery: 'none' } as const;
    const [without] = await start({ photoIds: [job.photoId], settings });
    if (without) onStarted(without.id);
  };

  return (
    <Button
      variant="default"
      leftSection={<IconLayersDifference size={18} stroke={1.5} />}
      disabled={open}
      title={t('withoutReference.title')}
      // A refusal is told by the mutation.
      onClick={() => void restore().catch(() => {})}
    >
      {t(open ? 'withoutReference.busy' : 'withoutReference.button')}
    </Button>
  );
}
