import { Button, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobView } from '../../api/views.ts';
import { useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import { ReferencesPanel } from '../references/references-panel.tsx';
import { type DoneJob, isDone } from './done-job.ts';
import classes from './info-panel.module.css';
import { RestoreAgain } from './restore-again.tsx';
import { fidelityWords, percentWords, settingsWords, sizeWords } from './words.ts';

interface InfoPanelProps {
  readonly job: JobView;
  readonly onStarted: (jobId: string) => void;
  /** What else can be done with this result. */
  readonly children?: ReactNode;
}

/** How a result came to be, and what can be done with it. */
export function InfoPanel({ job, onStarted, children }: InfoPanelProps) {
  const { t } = useTranslation('compare');
  const host = useHost();
  const save = useMutation({ mutationFn: () => host.saveResult(job.id), networkMode: 'always' });
  return (
    <aside className={classes.panel} aria-label={t('panel.label')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <div className={classes.body} tabIndex={0}>
        <Title order={2} size="1rem" className={classes.name}>
          {job.photo}
        </Title>
        {isDone(job) ? <Result job={job} onStarted={onStarted} /> : <Wishes job={job} />}
      </div>
      {!isOpen(job) && (
        <div className={classes.foot}>
          {isDone(job) && (
            <Button
              leftSection={<IconDownload size={18} stroke={1.5} />}
              loading={save.isPending}
              onClick={() => save.mutate()}
            >
              {t('panel.save')}
            </Button>
          )}
          {children}
          <RestoreAgain job={job} onStarted={onStarted} />
        </div>
      )}
    </aside>
  );
}

function Result({ job, onStarted }: { job: DoneJob; onStarted: (jobId: string) => void }) {
  const { t } = useTranslation('compare');
  const { query } = useApi();
  const { data: models = [] } = useQuery(query.models.list.queryOptions());
  const { record } = job;
  const { generator } = record;
  const title = models.find(({ id }) => id === generator.id)?.title ?? generator.id;
  return (
    <>
      <Text className={classes.size}>
        {sizeWords(t, record.photo)} → <b>{sizeWords(t, record.output)}</b>
      </Text>
      <ReferencesPanel key={job.id} job={job} onStarted={onStarted} />
      <section className={classes.section}>
        <Title order={3} size="sm">
          {t('panel.fidelity')}
        </Title>
        <Text>
          <b>{fidelityWords(t, record.fidelity)}</b> · {t('panel.decibels', { value: record.fidelity })}
        </Text>
        <Text size="xs" className={classes.quiet}>
          {t('panel.fidelityMeaning')}
        </Text>
      </section>
      <section className={classes.section}>
        <Title order={3} size="sm">
          {t('panel.details')}
        </Title>
        <dl className={classes.list}>
          <dt>{t('panel.model')}</dt>
          <dd>
            {title} {generator.version}
          </dd>
          {record.references.length > 0 && record.referenceStrength < 1 && (
            <>
              <dt>{t('panel.strength')}</dt>
              <dd>{t('panel.strengthOf', { percent: percentWords(t, record.referenceStrength) })}</dd>
            </>
          )}
          <dt>{t('panel.file')}</dt>
          <dd>{record.output.name}</dd>
          <dt>{t('panel.time')}</dt>
          <dd>{t('panel.timeOn', { seconds: record.seconds, device: record.device })}</dd>
        </dl>
      </section>
    </>
  );
}

function isOpen({ state }: JobView): boolean {
  return state === 'queued' || state === 'running';
}

/** Before there is a result: what was asked for. */
function Wishes({ job }: { job: JobView }) {
  const { t } = useTranslation('compare');
  const { query } = useApi();
  const { data: galleries = [] } = useQuery(query.galleries.list.queryOptions());
  const { data: photo } = useQuery(query.photos.get.queryOptions({ photoId: job.photoId }));
  const gallery = galleries.find(({ id }) => id === job.settings.gallery);
  return (
    <>
      {photo && <Text className={classes.size}>{sizeWords(t, photo)}</Text>}
      <Text>{settingsWords(t, job.settings, gallery?.name)}</Text>
    </>
  );
}
