import { Button, Progress, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { PullView } from '../../api/views.ts';
import { useApi } from '../api.ts';
import { engineWords, refusalInWords } from '../host/engine-words.ts';
import { useFormats } from '../i18n/use-formats.ts';
import classes from './available-models.module.css';

/** One model that can be downloaded: what it is, and how its download goes. */
export function AvailableModel({ model }: { model: PullView }) {
  const { t } = useTranslation('models');
  const formats = useFormats();
  const { query } = useApi();
  const pull = useMutation(query.models.pull.mutationOptions());
  const cancel = useMutation(query.models.cancelPull.mutationOptions());
  const { id, title, description, licence, bytes, repository, state } = model;
  const action = actionOf(state);
  return (
    <li className={classes.model}>
      <div className={classes.words}>
        <Text fw={600}>{title}</Text>
        <Text size="sm">{engineWords(description)}</Text>
        <Text size="sm" className={classes.quiet}>
          {licence} · {formats.bytes(bytes)} · huggingface.co/{repository}
        </Text>
      </div>
      {state.kind === 'running' ? (
        <Button
          variant="default"
          size="compact-sm"
          loading={cancel.isPending}
          aria-label={t('available.cancelModel', { model: title })}
          onClick={() => cancel.mutate({ id })}
        >
          {t('available.cancel')}
        </Button>
      ) : (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconDownload size={16} stroke={1.5} aria-hidden />}
          loading={pull.isPending}
          aria-label={t(`available.${action}Model`, { model: title })}
          onClick={() => pull.mutate({ id })}
        >
          {t(`available.${action}`)}
        </Button>
      )}
      <PullStatus title={title} bytes={bytes} state={state} />
    </li>
  );
}

function actionOf(state: PullView['state']): 'download' | 'continue' | 'tryAgain' {
  if (state.kind === 'failed') return 'tryAgain';
  return state.kind === 'available' && state.kept > 0 ? 'continue' : 'download';
}

function PullStatus({ title, bytes, state }: Pick<PullView, 'title' | 'bytes' | 'state'>) {
  const { t } = useTranslation('models');
  switch (state.kind) {
    case 'available':
      if (state.kept === 0) return null;
      return (
        <Text size="sm" className={classes.status}>
          {t('available.stoppedAt', { done: state.kept, total: bytes })}
        </Text>
      );
    case 'running':
      return (
        <div className={classes.status}>
          <Progress
            size="sm"
            className={classes.bar}
            value={(state.done / state.total) * 100}
            aria-label={t('available.progressOf', { model: title })}
          />
          <Text size="sm" className={classes.number}>
            {t('available.progress', state)}
          </Text>
        </div>
      );
    case 'failed': {
      const { message, remedy } = refusalInWords(state.error);
      return (
        <Text size="sm" role="alert" className={classes.fault}>
          {message} {remedy}
        </Text>
      );
    }
  }
}
