import { Button, Progress, Text } from '@mantine/core';
import { useState } from 'react';
import type { SwitchView } from '../../api/views.ts';
import { useApi } from '../api.ts';
import classes from './retriever-switch-bar.module.css';
import { useRetrieverSwitch } from './use-retriever-switch.ts';

/** Tells how far the change to another retriever is, or why it was given up; nothing where there is none. */
export function RetrieverSwitchBar() {
  const { client } = useApi();
  const state = useRetrieverSwitch();
  const [dismissed, setDismissed] = useState<SwitchView | null>(null);
  if (state.kind === 'idle' || state === dismissed) return null;
  if (state.kind === 'failed') {
    return (
      <section className={classes.bar} aria-label="Change of the retriever" role="alert">
        <Text size="sm">
          <b className={classes.fault}>{state.serving} stays in use.</b> {state.message} {state.remedy}
        </Text>
        <Button
          className={classes.action}
          size="compact-sm"
          variant="subtle"
          color="gray"
          onClick={() => setDismissed(state)}
        >
          Dismiss
        </Button>
      </section>
    );
  }
  return (
    <section className={classes.bar} aria-label="Change of the retriever">
      <Progress
        className={classes.progress}
        size="sm"
        color="var(--rasr-accent)"
        value={state.total === 0 ? 0 : (100 * state.done) / state.total}
        aria-label={`Indexing for ${state.to}`}
      />
      <Text size="sm" className={classes.words}>
        <b>{switchWords(state)}</b>{' '}
        <span className={classes.quiet}>Until it is ready, {state.serving} finds the references.</span>
      </Text>
      <Button
        className={classes.action}
        size="compact-sm"
        variant="subtle"
        color="gray"
        onClick={() => void client.models.cancelSwitch.mutate()}
      >
        Cancel
      </Button>
    </section>
  );
}

function switchWords({
  kind,
  to,
  done,
  total,
}: Extract<SwitchView, { kind: 'indexing' | 'calibrating' }>): string {
  const [part, whole] = [done.toLocaleString('en'), total.toLocaleString('en')];
  return kind === 'indexing'
    ? `Indexing for ${to}: ${part} of ${whole} references.`
    : `Calibrating ${to} on your galleries: ${part} of ${whole}.`;
}
