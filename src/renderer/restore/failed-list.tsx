import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobView } from '../../api/views.ts';
import { RefusalText } from '../shell/refusal-text.tsx';
import classes from './failed-photos.module.css';
import { useJobActions } from './use-job-actions.ts';

/** Height of a failed photo whose reason takes two lines, in pixels; the true one is measured. */
const LIKELY_HEIGHT = 96;

interface FailedListProps {
  readonly failed: readonly JobView[];
  readonly onShow: (jobId: string) => void;
}

/** Failed photos, each with its reason and what to do. A disk that was full may have failed thousands: only those in sight are drawn. */
export function FailedList({ failed, onShow }: FailedListProps) {
  const { t } = useTranslation('restore');
  const { retry, remove } = useJobActions();
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: failed.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LIKELY_HEIGHT,
    overscan: 6,
    getItemKey: (index) => failed[index]!.id,
  });
  return (
    <div ref={scroller} className={classes.scroller}>
      <ul
        className={classes.list}
        style={{ height: virtualizer.getTotalSize() }}
        aria-label={t('failed.list')}
      >
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const { id, photo, error } = failed[index]!;
          return (
            <li
              key={id}
              ref={virtualizer.measureElement}
              className={classes.item}
              style={{ insetBlockStart: start }}
              data-index={index}
              aria-posinset={index + 1}
              aria-setsize={failed.length}
            >
              <div className={classes.text}>
                {error && <RefusalText name={photo} message={error.message} remedy={error.remedy} />}
              </div>
              <div className={classes.actions}>
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => retry(id)}
                  aria-label={t('failed.retryNamed', { photo })}
                >
                  {t('failed.retry')}
                </Button>
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => onShow(id)}
                  aria-label={t('failed.showNamed', { photo })}
                >
                  {t('failed.show')}
                </Button>
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => remove(id)}
                  aria-label={t('failed.removeNamed', { photo })}
                >
                  {t('failed.remove')}
                </Button>
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
