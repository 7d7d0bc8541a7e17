import { Button, Progress, Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SwitchView } from '../../api/views.ts';
import { useApi } from '../api.ts';
import { refusalInWords } from '../host/engine-words.ts';
import classes from './retriever-switch-bar.module.css';
import { useRetrieverSwitch } from './use-retriever-switch.ts';

/** Tells how far the change to another retriever is, or why it was given up; nothing where there is none. */
export function RetrieverSwitchBar() {
  const { t } = useTranslation('shell');
  const { client } = useApi();
  const state = useRetrieverSwitch();
  const [dismissed, setDismissed] = useState<SwitchView | null>(null);
  if (state.kind === 'idle' || state === dismissed) return null;
  if (state.kind === 'failed') {
    const { message, remedy } = refusalInWords(state.error);
    return (
      <section className={classes.bar} aria-label={t('retriever.region')} role="alert">
        <Text size="sm">
          <b className={classes.fault}>{t('retriever.stays', { model: state.serving })}</b> {message} {remedy}
        </Text>
        <Button
          className={classes.action}
          size="compact-sm"
          variant="subtle"
          color="gray"
          onClick={() => setDismissed(state)}
        >
          {t('dismiss')}
        </Button>
      </section>
    );
  }
  return (
    <section className={classes.bar} aria-label={t('retriever.region')}>
      <Progress
        className={classes.progress}
        size="sm"
        color="var(--rasr-accent)"
        value={state.total === 0 ? 0 : (100 * state.done) / state.total}
        aria-label={t('retriever.progress', { model: state.to })}
      />
      <Text size="sm" className={classes.words}>
        <b>{switchWords(state, t)}</b>{' '}
        <span className={classes.quiet}>{t('retriever.meanwhile', { model: state.serving })}</span>
      </Text>
      <Button
        className={classes.action}
        size="compact-sm"
        variant="subtle"
        color="gray"
        onClick={() => void client.models.cancelSwitch.mutate()}
      >
        {t('cancel')}
      </Button>
    </section>
  );
}

function switchWords(
  { kind, to: model, done, total }: Extract<SwitchView, { kind: 'indexing' | 'calibrating' }>,
  t: TFunction<'shell'>,
): string {
  return t(kind === 'indexing' ? 'retriever.indexing' : 'retriever.calibrating', { model, done, total });
}
