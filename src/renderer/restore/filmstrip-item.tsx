import { ActionIcon, RingProgress, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangleFilled,
  IconBan,
  IconCircleCheckFilled,
  IconClock,
  IconX,
} from '@tabler/icons-react';
import { memo, type SyntheticEvent, useEffect, useRef } from 'react';
import type { JobView } from '../../api/views.ts';
import { useHost } from '../host/context.ts';
import { useDragOut } from '../host/use-drag-out.ts';
import classes from './filmstrip.module.css';
import { shareDone, stateWords } from './job-words.ts';
import type { JobProgress } from './jobs-state.ts';

interface FilmstripItemProps {
  readonly job: JobView;
  readonly progress: JobProgress | undefined;
  readonly selected: boolean;
  /** The job to go to when this one is removed. */
  readonly neighbour: string | undefined;
  readonly onSelect: (jobId: string) => void;
  readonly onCancel: (jobId: string) => void;
  readonly onRemove: (jobId: string) => void;
}

/** One job: its picture, state, and the way to cancel or remove it. */
export const FilmstripItem = memo(function FilmstripItem(props: FilmstripItemProps) {
  const { job, progress, selected, neighbour, onSelect, onCancel, onRemove } = props;
  const host = useHost();
  const dragOut = useDragOut(job);
  const item = useRef<HTMLLIElement>(null);
  const open = job.state === 'queued' || job.state === 'running';
  const words = stateWords(job, progress);
  const picture =
    job.state === 'done'
      ? host.pictureUrl({ kind: 'result-thumbnail', id: job.id })
      : host.pictureUrl({ kind: 'photo-thumbnail', id: job.photoId });

  const dismiss = () => {
    if (open) return onCancel(job.id);
    if (selected && neighbour !== undefined) onSelect(neighbour);
    onRemove(job.id);
  };

  useEffect(() => {
    if (selected) item.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [selected]);

  return (
    <li ref={item} className={classes.item} data-state={job.state}>
      <UnstyledButton
        {...dragOut}
        className={classes.thumb}
        data-job={job.id}
        aria-current={selected}
        aria-label={`${job.photo}: ${words}`}
        title={`${job.photo}\n${words}`}
        onClick={() => onSelect(job.id)}
        onKeyDown={({ key }) => key === 'Delete' && dismiss()}
      >
        <img
          className={classes.picture}
          src={picture}
          alt=""
          draggable={false}
          loading="lazy"
          decoding="async"
          onError={hide}
        />
        <StateBadge state={job.state} progress={progress} />
        <span className={classes.name}>{job.photo}</span>
      </UnstyledButton>
      <ActionIcon
        className={classes.remove}
        size="xs"
        color="dark"
        variant="filled"
        aria-label={`${open ? 'Cancel' : 'Remove'} ${job.photo}`}
        title={open ? 'Cancel' : 'Remove from the list'}
        onClick={dismiss}
      >
        <IconX size={12} />
      </ActionIcon>
    </li>
  );
});

/** A photo that cannot be decoded has no thumbnail; its name and badge say what there is to say. */
function hide({ currentTarget }: SyntheticEvent<HTMLImageElement>): void {
  currentTarget.hidden = true;
}

function StateBadge({ state, progress }: { state: JobView['state']; progress: JobProgress | undefined }) {
  switch (state) {
    case 'running':
      return (
        <span className={classes.ring}>
          <RingProgress
            size={36}
            thickness={4}
            roundCaps
            rootColor="rgb(255 255 255 / 30%)"
            sections={[{ value: (shareDone(progress) ?? 0.04) * 100, color: 'cyan.4' }]}
          />
        </span>
      );
    case 'done':
      return <IconCircleCheckFilled size={18} className={classes.badge} />;
    case 'failed':
      return <IconAlertTriangleFilled size={18} className={classes.badge} />;
    case 'cancelled':
      return <IconBan size={18} className={classes.badge} />;
    case 'queued':
      return <IconClock size={18} className={classes.badge} />;
  }
}
