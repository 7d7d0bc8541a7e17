import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, type WheelEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { BatchBar } from './batch-bar.tsx';
import classes from './filmstrip.module.css';
import { FilmstripItem } from './filmstrip-item.tsx';
import { useJobs } from './jobs-provider.tsx';
import { useJobActions } from './use-job-actions.ts';

/** Width of a picture and the gap to the next, in pixels, as in the style sheet. */
const ITEM = 112;
const GAP = 8;
/** Pictures kept ready on both sides of those in sight. */
const OVERSCAN = 12;

interface FilmstripProps {
  readonly selectedId: string;
  readonly onSelect: (jobId: string) => void;
}

/** All jobs in a row, with how far the batch is above them. Only those in sight and near it are drawn. */
export function Filmstrip({ selectedId, onSelect }: FilmstripProps) {
  const { t } = useTranslation('restore');
  const { jobs, progress } = useJobs();
  const { cancel, remove } = useJobActions();
  const scroller = useRef<HTMLDivElement>(null);
  const followsKeys = useRef(false);
  const selectedAt = jobs.findIndex(({ id }) => id === selectedId);

  const virtualizer = useVirtualizer({
    count: jobs.length,
    horizontal: true,
    getScrollElement: () => scroller.current,
    estimateSize: () => ITEM,
    gap: GAP,
    paddingStart: 2 * GAP,
    paddingEnd: 2 * GAP,
    scrollPaddingStart: 2 * GAP,
    scrollPaddingEnd: 2 * GAP,
    overscan: OVERSCAN,
    getItemKey: (index) => jobs[index]!.id,
    // The chosen one stays, however far away: it has the focus of who goes by keys.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), selectedAt])].sort((a, b) => a - b),
  });

  const follow = useEffectEvent(() => {
    if (selectedAt < 0) return;
    virtualizer.scrollToIndex(selectedAt, { align: 'auto' });
    if (followsKeys.current) {
      scroller.current
        ?.querySelector<HTMLElement>(`[data-job="${selectedId}"]`)
        ?.focus({ preventScroll: true });
    }
    followsKeys.current = false;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows the choice, not every change of the list
  useEffect(() => follow(), [selectedId]);

  const moveWithKeys = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientWidth ?? 0) / (ITEM + GAP)));
    const last = jobs.length - 1;
    const to = {
      ArrowRight: selectedAt + 1,
      ArrowLeft: selectedAt - 1,
      PageDown: Math.min(last, selectedAt + page),
      PageUp: Math.max(0, selectedAt - page),
      Home: 0,
      End: last,
    }[event.key];
    const next = to === undefined ? undefined : jobs[to];
    if (next === undefined) return;
    event.preventDefault();
    if (next.id === selectedId) return;
    followsKeys.current = true;
    onSelect(next.id);
  };

  return (
    <section className={classes.strip} aria-label={t('photos')}>
      <BatchBar onSelect={onSelect} />
      <div ref={scroller} className={classes.scroller}>
        <ul
          className={classes.list}
          style={{ width: virtualizer.getTotalSize() }}
          onKeyDown={moveWithKeys}
          onWheel={scrollSideways}
        >
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const job = jobs[index]!;
            return (
              <FilmstripItem
                key={job.id}
                job={job}
                progress={progress[job.id]}
                selected={job.id === selectedId}
                start={start}
                position={index + 1}
                count={jobs.length}
                neighbour={(jobs[index + 1] ?? jobs[index - 1])?.id}
                onSelect={onSelect}
                onCancel={cancel}
                onRemove={remove}
              />
            );
          })}
        </ul>
      </div>
    </section>
  );
}

/** A wheel without a sideways axis goes through the list too. */
function scrollSideways({ currentTarget, deltaX, deltaY }: WheelEvent<HTMLElement>): void {
  if (Math.abs(deltaY) > Math.abs(deltaX)) currentTarget.parentElement!.scrollLeft += deltaY;
}
