import { Button, Progress, Text } from '@mantine/core';
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './batch-bar.module.css';
import { type Batch, batchWords, isOpen, type T } from './batch-words.ts';
import { FailedPhotos } from './failed-photos.tsx';
import { useIntake } from './intake-provider.tsx';
import { useJobs } from './jobs-provider.tsx';
import { useJobActions } from './use-job-actions.ts';

interface BatchBarProps {
  /** Shows a job in the stage above. */
  readonly onSelect: (jobId: string) => void;
}

/** How far the batch is, and what can be done with all of it. */
export function BatchBar({ onSelect }: BatchBarProps) {
  const { t } = useTranslation('restore');
  const { jobs, batch } = useJobs();
  const { pause, resume, cancelAll, clearFinished } = useJobActions();
  const { progress: intake } = useIntake();
  const open = isOpen(batch);
  const restored = jobs.filter(({ state }) => state === 'done').length;
  const cancelled = jobs.filter(({ state }) => state === 'cancelled').length;
  return (
    <div className={classes.bar}>
      {open && <PauseButton batch={batch} onPause={pause} onResume={resume} />}
      {open && (
        <Progress
          className={classes.progress}
          size="sm"
          color={batch.paused ? 'var(--mantine-color-dimmed)' : 'var(--rasr-accent)'}
          value={batch.share * 100}
          aria-label={t('batch.all')}
        />
      )}
      <Text size="sm" fw={600} className={classes.words} data-testid="batch">
        {open ? batchWords(t, batch) : restWords(t, restored, cancelled)}
      </Text>
      {intake && (
        <Text size="sm" className={classes.quiet}>
          {t('batch.adding', { at: intake.done + 1, total: intake.total })}
        </Text>
      )}
      <FailedPhotos onSelect={onSelect} />
      <div className={classes.actions}>
        {open && (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={cancelAll}>
            {t('batch.cancelAll')}
          </Button>
        )}
        {restored + cancelled > 0 && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            title={t('batch.clearHint')}
            onClick={clearFinished}
          >
            {t('batch.clear')}
          </Button>
        )}
      </div>
    </div>
  );
}

interface PauseButtonProps {
  readonly batch: Batch;
  readonly onPause: () => void;
  readonly onResume: () => void;
}

/** One button, so that the place of "stop this" never changes. */
function PauseButton({ batch, onPause, onResume }: PauseButtonProps) {
  const { t } = useTranslation('restore');
  return batch.paused ? (
    <Button size="compact-sm" leftSection={<IconPlayerPlayFilled size={14} />} onClick={onResume}>
      {t('batch.resume')}
    </Button>
  ) : (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconPlayerPauseFilled size={14} />}
      title={t('batch.pauseHint')}
      onClick={onPause}
    >
      {t('batch.pause')}
    </Button>
  );
}

function restWords(t: T, restored: number, cancelled: number): string {
  const words = t('batch.restored', { count: restored });
  return cancelled > 0 ? `${words} · ${t('batch.cancelled', { count: cancelled })}` : words;
}
