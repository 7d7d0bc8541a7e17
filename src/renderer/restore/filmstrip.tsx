import { type KeyboardEvent, useRef, type WheelEvent } from 'react';
import { BatchBar } from './batch-bar.tsx';
import classes from './filmstrip.module.css';
import { FilmstripItem } from './filmstrip-item.tsx';
import { useJobs } from './jobs-provider.tsx';
import { useJobActions } from './use-job-actions.ts';

interface FilmstripProps {
  readonly selectedId: string;
  readonly onSelect: (jobId: string) => void;
}

/** All jobs in a row, with how far the batch is above them. */
export function Filmstrip({ selectedId, onSelect }: FilmstripProps) {
  const { jobs, progress } = useJobs();
  const { cancel, remove } = useJobActions();
  const list = useRef<HTMLUListElement>(null);

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
      <BatchBar onSelect={onSelect} />
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
