import { Button, Progress, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { PullView } from '../../api/views.ts';
import { useApi } from '../api.ts';
import classes from './available-models.module.css';
import { progressWords, sizeWords } from './words.ts';

/** One model that can be downloaded: what it is, and how its download goes. */
export function AvailableModel({ model }: { model: PullView }) {
  const { query } = useApi();
  const pull = useMutation(query.models.pull.mutationOptions());
  const cancel = useMutation(query.models.cancelPull.mutationOptions());
  const { id, title, description, licence, bytes, repository, state } = model;
  return (
    <li className={classes.model}>
      <div className={classes.words}>
        <Text fw={600}>{title}</Text>
        <Text size="sm">{description}</Text>
        <Text size="sm" className={classes.quiet}>
          {licence} · {sizeWords(bytes)} · huggingface.co/{repository}
        </Text>
      </div>
      {state.kind === 'running' ? (
        <Button
          variant="default"
          size="compact-sm"
          loading={cancel.isPending}
          aria-label={`Cancel the download of ${title}`}
          onClick={() => cancel.mutate({ id })}
        >
          Cancel
        </Button>
      ) : (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconDownload size={16} stroke={1.5} aria-hidden />}
          loading={pull.isPending}
          aria-label={`${actionWord(state)} ${title}`}
          onClick={() => pull.mutate({ id })}
        >
          {actionWord(state)}
        </Button>
      )}
      <PullStatus title={title} bytes={bytes} state={state} />
    </li>
  );
}

function actionWord(state: PullView['state']): string {
  if (state.kind === 'failed') return 'Try again';
  return state.kind === 'available' && state.kept > 0 ? 'Continue' : 'Download';
}

function PullStatus({ title, bytes, state }: Pick<PullView, 'title' | 'bytes' | 'state'>) {
  switch (state.kind) {
    case 'available':
      if (state.kept === 0) return null;
      return (
        <Text size="sm" className={classes.status}>
          Stopped at {progressWords(state.kept, bytes)}
        </Text>
      );
    case 'running':
      return (
        <div className={classes.status}>
          <Progress
            size="sm"
            className={classes.bar}
            value={(state.done / state.total) * 100}
            aria-label={`Download of ${title}`}
          />
          <Text size="sm" className={classes.number}>
            {progressWords(state.done, state.total)}
          </Text>
        </div>
      );
    case 'failed':
      return (
        <Text size="sm" role="alert" className={classes.fault}>
          {state.message} {state.remedy}
        </Text>
      );
  }
}
