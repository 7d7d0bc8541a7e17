import { ActionIcon, RingProgress, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangleFilled,
  IconBan,
  IconCircleCheckFilled,
  IconClock,
  IconX,
} from '@tabler/icons-react';
import { memo, type SyntheticEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobView } from '../../api/views.ts';
import { useHost } from '../host/context.ts';
import { useDragOut } from '../host/use-drag-out.ts';
import classes from './filmstrip.module.css';
import { shareDone, stateWords } from './job-words.ts';
import type { JobProgress } from './jobs-state.ts';

/** A picture that flies by while the strip is scrolled is not asked for. */
const IN_SIGHT_MS = 120;

interface FilmstripItemProps {
  readonly job: JobView;
  readonly progress: JobProgress | undefined;
  readonly selected: boolean;
  /** Pixels from the strip's beginning. */
  readonly start: number;
  /** Place in the list, from 1, and how long the list is. */
  readonly position: number;
  readonly count: number;
  /** The job to go to when this one is removed. */
  readonly neighbour: string | undefined;
  readonly onSelect: (jobId: string) => void;
  readonly onCancel: (jobId: string) => void;
  readonly onRemove: (jobId: string) => void;
}

/** One job: its picture, state, and the way to cancel or remove it. */
export const FilmstripItem = memo(function FilmstripItem(props: FilmstripItemProps) {
  const { job, progress, selected, start, position, count, neighbour, onSelect, onCancel, onRemove } = props;
  const { t } = useTranslation('restore');
  const host = useHost();
  const dragOut = useDragOut(job);
  const stays = useStays();
  const open = job.state === 'queued' || job.state === 'running';
  const words = stateWords(t, job, progress);
  const picture =
    job.state === 'done'
      ? host.pictureUrl({ kind: 'result-thumbnail', id: job.id })
      : host.pictureUrl({ kind: 'photo-thumbnail', id: job.photoId });

  const dismiss = () => {
    if (open) return onCancel(job.id);
    if (selected && neighbour !== undefined) onSelect(neighbour);
    onRemove(job.id);
  };

  return (
    <li
      className={classes.item}
      style={{ insetInlineStart: start }}
      data-state={job.state}
      aria-posinset={position}
      aria-setsize={count}
    >
      <UnstyledButton
        {...dragOut}
        className={classes.thumb}
        data-job={job.id}
        aria-current={selected}
        // One stop for Tab; arrow keys go on from there.
        tabIndex={selected ? 0 : -1}
        aria-label={t('job.label', { photo: job.photo, words })}
        title={`${job.photo}\n${words}`}
        onClick={() => onSelect(job.id)}
        onKeyDown={({ key }) => key === 'Delete' && dismiss()}
      >
        {stays && (
          <img
            className={classes.picture}
            src={picture}
            alt=""
            draggable={false}
            decoding="async"
            onError={hide}
          />
        )}
        <StateBadge state={job.state} progress={progress} />
        <span className={classes.name}>{job.photo}</span>
      </UnstyledButton>
      <ActionIcon
        className={classes.remove}
        size="xs"
        color="dark"
        variant="filled"
        aria-label={t(open ? 'job.cancelNamed' : 'job.removeNamed', { photo: job.photo })}
        title={t(open ? 'job.cancel' : 'job.remove')}
        tabIndex={selected ? 0 : -1}
        onClick={dismiss}
      >
        <IconX size={12} />
      </ActionIcon>
    </li>
  );
});

/** Whether this has been drawn for long enough to be looked at. */
function useStays(): boolean {
  const [stays, setStays] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setStays(true), IN_SIGHT_MS);
    return () => clearTimeout(timer);
  }, []);
  return stays;
}

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
