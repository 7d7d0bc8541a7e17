import { Button, Loader, RingProgress, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconBan, IconClock, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobView } from '../../api/views.ts';
import { useHost } from '../host/context.ts';
import { shareDone, stageWords } from '../restore/job-words.ts';
import type { JobProgress } from '../restore/jobs-state.ts';
import { useJobActions } from '../restore/use-job-actions.ts';
import { RefusalText } from '../shell/refusal-text.tsx';
import classes from './unfinished.module.css';

interface UnfinishedProps {
  readonly job: JobView;
  readonly progress: JobProgress | undefined;
}

/** The photo of a job that has no result, and why. */
export function Unfinished({ job, progress }: UnfinishedProps) {
  const host = useHost();
  const [shown, setShown] = useState(true);
  return (
    <div className={classes.stage}>
      {shown && (
        <img
          className={classes.photo}
          src={host.pictureUrl({ kind: 'photo', id: job.photoId })}
          alt={job.photo}
          onError={() => setShown(false)}
        />
      )}
      <div className={classes.card}>
        <Status job={job} progress={progress} />
      </div>
    </div>
  );
}

function Status({ job, progress }: UnfinishedProps) {
  const { t } = useTranslation('compare');
  const { cancel, retry } = useJobActions();
  const again = (
    <Button size="sm" leftSection={<IconRefresh size={16} />} onClick={() => retry(job.id)}>
      {t('unfinished.tryAgain')}
    </Button>
  );
  switch (job.state) {
    case 'running':
      return (
        <>
          <Running progress={progress} />
          <Button size="sm" variant="default" onClick={() => cancel(job.id)}>
            {t('unfinished.cancel')}
          </Button>
        </>
      );
    case 'queued':
      return (
        <>
          <IconClock size={32} stroke={1.5} aria-hidden />
          <Text fw={600}>{t('unfinished.waiting')}</Text>
          <Button size="sm" variant="default" onClick={() => cancel(job.id)}>
            {t('unfinished.cancel')}
          </Button>
        </>
      );
    case 'failed':
      return (
        <div role="alert" className={classes.failed}>
          <IconAlertTriangle size={32} stroke={1.5} aria-hidden />
          <Title order={2} size="1rem">
            {t('unfinished.failed')}
          </Title>
          {job.error && (
            <Text>
              <RefusalText name={job.photo} message={job.error.message} remedy={job.error.remedy} />
            </Text>
          )}
          {again}
        </div>
      );
    case 'cancelled':
      return (
        <>
          <IconBan size={32} stroke={1.5} aria-hidden />
          <Text fw={600}>{t('unfinished.cancelled')}</Text>
          {again}
        </>
      );
    case 'done':
      return <Text fw={600}>{t('unfinished.noRecord')}</Text>;
  }
}

function Running({ progress }: { progress: JobProgress | undefined }) {
  const { t } = useTranslation('compare');
  const { t: tOfStages } = useTranslation('restore');
  const share = shareDone(progress);
  return (
    <>
      {share === null ? (
        <Loader size={56} aria-hidden />
      ) : (
        <RingProgress
          size={84}
          thickness={6}
          roundCaps
          sections={[{ value: Math.max(2, share * 100), color: 'var(--rasr-accent)' }]}
          label={
            <Text ta="center" size="sm" fw={600}>
              {t('percent', { value: Math.round(share * 100) })}
            </Text>
          }
          role="progressbar"
          aria-label={t('unfinished.thisPhoto')}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
        />
      )}
      <Text fw={600}>{stageWords(tOfStages, progress)}</Text>
    </>
  );
}
