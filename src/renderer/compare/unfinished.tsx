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
  const { cancel, retry } = useJobActions();
  const again = (
    <Button size="sm" leftSection={<IconRefresh size={16} />} onClick={() => retry(job.id)}>
      Try again
    </Button>
  );
  switch (job.state) {
    case 'running':
      return (
        <>
          <Running progress={progress} />
          <Button size="sm" variant="default" onClick={() => cancel(job.id)}>
            Cancel
          </Button>
        </>
      );
    case 'queued':
      return (
        <>
          <IconClock size={32} stroke={1.5} aria-hidden />
          <Text fw={600}>Waiting for its turn</Text>
          <Button size="sm" variant="default" onClick={() => cancel(job.id)}>
            Cancel
          </Button>
        </>
      );
    case 'failed':
      return (
        <div role="alert" className={classes.failed}>
          <IconAlertTriangle size={32} stroke={1.5} aria-hidden />
          <Title order={2} size="1rem">
            This photo could not be restored
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
          <Text fw={600}>Cancelled</Text>
          {again}
        </>
      );
    case 'done':
      return <Text fw={600}>The result has no record, so it is not shown. Restore the photo again.</Text>;
  }
}

function Running({ progress }: { progress: JobProgress | undefined }) {
  const { t } = useTranslation('restore');
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
              {Math.round(share * 100)} %
            </Text>
          }
          role="progressbar"
          aria-label="This photo"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
        />
      )}
      <Text fw={600}>{stageWords(t, progress)}</Text>
    </>
  );
}
