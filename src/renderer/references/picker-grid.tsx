import { UnstyledButton } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { IconCircleCheckFilled } from '@tabler/icons-react';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RankedReference } from '../../api/references-procedures.ts';
import { useHost } from '../host/context.ts';
import classes from './picker-grid.module.css';
import { likenessMeaning, likenessWords } from './words.ts';

/** Least width of a reference and its height, in pixels, gaps included. */
const TILE = { width: 144, height: 196 };
/** Rows kept ready above and below those in sight. */
const OVERSCAN = 3;

interface PickerGridProps {
  readonly references: readonly RankedReference[];
  readonly chosen: readonly number[];
  /** Whether no more can be chosen. */
  readonly full: boolean;
  readonly onToggle: (id: number) => void;
}

/** References in a grid, of which only the rows in sight are drawn. Arrow keys go through it. */
export function PickerGrid({ references, chosen, full, onToggle }: PickerGridProps) {
  const { t } = useTranslation('references');
  const host = useHost();
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: measured, width } = useElementSize<HTMLDivElement>();
  const ref = useMergedRef(scroller, measured);
  const columns = Math.max(1, Math.floor(width / TILE.width));
  const [active, setActive] = useState(0);
  const followsKeys = useRef(false);

  const virtualizer = useVirtualizer({
    count: Math.ceil(references.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => TILE.height,
    overscan: OVERSCAN,
    // The row with the focus stays, however far away.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), Math.floor(active / columns)])].sort((a, b) => a - b),
  });

  useEffect(() => {
    if (!followsKeys.current) return;
    followsKeys.current = false;
    virtualizer.scrollToIndex(Math.floor(active / columns), { align: 'auto' });
    scroller.current?.querySelector<HTMLElement>(`[data-at="${active}"]`)?.focus({ preventScroll: true });
  }, [active, columns, virtualizer]);

  const moveWithKeys = (event: KeyboardEvent) => {
    const last = references.length - 1;
    const to = {
      ArrowRight: active + 1,
      ArrowLeft: active - 1,
      ArrowDown: active + columns,
      ArrowUp: active - columns,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to < 0 || to > last || to === active) return;
    followsKeys.current = true;
    setActive(to);
  };

  return (
    <div ref={ref} className={classes.scroller}>
      <ul
        className={classes.grid}
        style={{ height: virtualizer.getTotalSize() }}
        aria-label={t('picker.list')}
        onKeyDown={moveWithKeys}
      >
        {virtualizer.getVirtualItems().flatMap(({ index: row, start }) =>
          references.slice(row * columns, (row + 1) * columns).map((reference, column) => {
            const at = row * columns + column;
            const picked = chosen.includes(reference.id);
            const words = likenessWords(t, reference.similarity, reference.closeness);
            return (
              <li
                key={reference.id}
                className={classes.item}
                style={{
                  insetBlockStart: start,
                  insetInlineStart: `${(100 * column) / columns}%`,
                  width: `${100 / columns}%`,
                }}
                aria-posinset={at + 1}
                aria-setsize={references.length}
              >
                <UnstyledButton
                  className={classes.tile}
                  data-at={at}
                  tabIndex={at === active ? 0 : -1}
                  aria-pressed={picked}
                  aria-disabled={full && !picked}
                  title={`${reference.name}\n${reference.gallery}\n${likenessMeaning(t, reference.closeness) ?? ''}`}
                  onFocus={() => setActive(at)}
                  onClick={() => onToggle(reference.id)}
                >
                  <img
                    className={classes.picture}
                    src={host.pictureUrl({ kind: 'reference-thumbnail', id: reference.sha256 })}
                    alt=""
                    decoding="async"
                  />
                  {picked && <IconCircleCheckFilled size={24} className={classes.mark} aria-hidden />}
                  <span className={classes.name}>{reference.name}</span>
                  <span className={classes.likeness}>{words}</span>
                </UnstyledButton>
              </li>
            );
          }),
        )}
      </ul>
    </div>
  );
}
