import { Button, Progress, Text } from '@mantine/core';
import { type KeyboardEvent, useRef, type WheelEvent } from 'react';
import type { JobView } from '../../api/views.ts';
import classes from './filmstrip.module.css';
import { FilmstripItem } from './filmstrip-item.tsx';
import { useIntake } from './intake-provider.tsx';
import { shareDone } from './job-words.ts';
import { useJobs } from './jobs-provider.tsx';
import { tally } from './jobs-state.ts';
import { useJobActions } from './use-job-actions.ts';

interface FilmstripProps {
  readonly selectedId: string;
  readonly onSelect: (jobId: string) => void;
}

/** All jobs in a row, with how far they are together. */
export function Filmstrip({ selectedId, onSelect }: FilmstripProps) {
  const { jobs, progress } = useJobs();
  const { cancel, retry, remove } = useJobActions();
  const { progress: intake } = useIntake();
  const list = useRef<HTMLUListElement>(null);
  const counts = tally(jobs);
  const ended = counts.done + counts.failed;
  const open = jobs.filter(({ state }) => state === 'queued' || state === 'running');
  const failed = jobs.filter(({ state }) => state === 'failed');
  const shares = jobs.map(({ id, state }) => (state === 'running' ? (shareDone(progress[id]) ?? 0) : 0));
  const share = counts.total === 0 ? 1 : (ended + shares.reduce((sum, one) => sum + one, 0)) / counts.total;

  const moveWithKeys = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = jobs[jobs.findIndex(({ id }) => id === selectedId) + step];
    if (next === undefined) return;
    event.preventDefault();
    onSelect(next.id);
    list.current?.querySelector<HTMLElement>(`[data-job="${next.id}"]`)?.focus();
  };

  return (
    <section className={classes.strip} aria-label="Photos">
      <div className={classes.head}>
        <Text size="sm" fw={600} role="status">
          {summary(counts)}
        </Text>
        {intake && (
          <Text size="sm" className={classes.quiet}>
            Adding {intake.done + 1} of {intake.total}…
          </Text>
        )}
        {open.length > 0 && (
          <Progress className={classes.bar} size="sm" value={share * 100} aria-label="All photos" />
        )}
        <div className={classes.actions}>
          {failed.length > 0 && (
            <Button size="compact-sm" variant="subtle" onClick={() => each(failed, retry)}>
              Retry failed
            </Button>
          )}
          {open.length > 1 && (
            <Button size="compact-sm" variant="subtle" onClick={() => each(open.toReversed(), cancel)}>
              Cancel all
            </Button>
          )}
        </div>
      </div>
      <ul ref={list} className={classes.list} onKeyDown={moveWithKeys} onWheel={scrollSideways}>
        {jobs.map((job, at) => (
          <FilmstripItem
            key={job.id}
            job={job}
            progress={progress[job.id]}
            selected={job.id === selectedId}
            neighbour={(jobs[at + 1] ?? jobs[at - 1])?.id}
            onSelect={onSelect}
            onCancel={cancel}
            onRemove={remove}
          />
        ))}
      </ul>
    </section>
  );
}

/** A wheel without a sideways axis goes through the list too. */
function scrollSideways({ currentTarget, deltaX, deltaY }: WheelEvent<HTMLElement>): void {
  if (Math.abs(deltaY) > Math.abs(deltaX)) currentTarget.scrollLeft += deltaY;
}

/** The last comes first where jobs are cancelled: else the engine would begin the next one each time. */
function each(jobs: readonly JobView[], act: (id: string) => void): void {
  for (const { id } of jobs) act(id);
}

function summary({ total, done, failed, waiting, running }: ReturnType<typeof tally>): string {
  const ended = waiting + running === 0 && failed === 0 ? `${done} restored` : `${done} of ${total} restored`;
  return failed > 0 ? `${ended} · ${failed} failed` : ended;
}
