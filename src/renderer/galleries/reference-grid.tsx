import { useElementSize } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type Dispatch,
  type KeyboardEvent,
  type MouseEvent,
  type SetStateAction,
  useCallback,
  useEffect,
  useMemo,
  useRef,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { Reference } from '../../core/galleries/galleries.ts';
import { useHost } from '../host/context.ts';
import { type CellWords, ReferenceCell } from './reference-cell.tsx';
import classes from './reference-grid.module.css';
import { activate, clear, type Modifiers, type Selection, select, selectAll, step } from './selection.ts';
import { useReferenceCells } from './use-reference-cells.ts';

interface ReferenceGridProps {
  /** Ids in the order they are shown. */
  readonly order: readonly number[];
  readonly selection: Selection;
  readonly onSelection: Dispatch<SetStateAction<Selection>>;
  readonly onOpen: (reference: Reference) => void;
  readonly onRemove: (ids: readonly number[]) => void;
}

/** Width that a cell has at least, space between two, height of the name below a picture, and padding, in pixels. */
const CELL = 160;
const GAP = 14;
const CAPTION = 26;
const PADDING = 20;
/** Rows drawn beyond those in sight. */
const OVERSCAN = 2;

/** The references of a gallery, as many as there are: only those in sight are drawn and asked for. */
export function ReferenceGrid({ order, selection, onSelection, onOpen, onRemove }: ReferenceGridProps) {
  const { t } = useTranslation('galleries');
  const host = useHost();
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sized, width } = useElementSize<HTMLDivElement>();
  const inner = Math.max(CELL, width);
  const columns = Math.max(1, Math.floor((inner + GAP) / (CELL + GAP)));
  const cell = Math.floor((inner - (columns - 1) * GAP) / columns);
  const height = cell + CAPTION + GAP;
  const rows = Math.ceil(order.length / columns);
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
    paddingStart: PADDING,
    paddingEnd: PADDING,
    // A frame may pass before the rows follow: better than one that takes too long.
    useFlushSync: false,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows' height follows the width
  useEffect(() => virtual.measure(), [virtual, height]);

  const drawn = virtual.getVirtualItems();
  const first = (drawn[0]?.index ?? 0) * columns;
  const last = ((drawn.at(-1)?.index ?? 0) + 1) * columns - 1;
  const cells = useReferenceCells(order, first, Math.min(last, order.length - 1));
  const inSight = order.slice(first, last + 1);
  const tabStop =
    selection.active !== null && inSight.includes(selection.active) ? selection.active : inSight[0];

  const focus = (id: number) => {
    virtual.scrollToIndex(Math.floor(order.indexOf(id) / columns));
    // The row is drawn with the next rendering.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(`[data-reference="${id}"]`)?.focus(),
      ),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    const toggle = event.ctrlKey || event.metaKey;
    const handled = () => event.preventDefault();
    if (toggle && key.toLowerCase() === 'a') {
      handled();
      onSelection(selectAll(selection, order));
    } else if (key === 'Escape' && selection.ids.size > 0) {
      handled();
      onSelection(clear(selection));
    } else if (key === 'Delete' && selection.ids.size > 0) {
      handled();
      onRemove([...selection.ids]);
    } else if (selection.active !== null && key === ' ') {
      handled();
      onSelection(select(selection, order, selection.active, { range: event.shiftKey, toggle: true }));
    } else if (selection.active !== null && key === 'Enter') {
      const reference = cells.get(selection.active);
      if (reference === undefined || event.target !== event.currentTarget.querySelector(':focus')) return;
      handled();
      onOpen(reference);
    } else {
      const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height));
      const next = step(order, selection.active, key, columns, page);
      if (next === undefined) return;
      handled();
      // Ctrl moves on without selecting, as in file managers.
      onSelection(
        toggle && !event.shiftKey
          ? activate(selection, next)
          : select(selection, order, next, { range: event.shiftKey, toggle: false }),
      );
      focus(next);
    }
  };
  // The same function while the order is the same, so that a click draws two cells and not all.
  const choose = useCallback(
    (id: number, how: Modifiers) => onSelection((before) => select(before, order, id, how)),
    [order, onSelection],
  );

  const words = useMemo(
    (): CellWords => ({
      show: (reference) => t('grid.show', { reference }),
      select: (reference) => t('grid.select', { reference }),
      picture: (id) => host.pictureUrl({ kind: 'reference-thumbnail', id }),
    }),
    [t, host],
  );

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table's rows cannot be placed one by one
    <div
      ref={scroller}
      className={classes.scroller}
      role="grid"
      aria-label={t('references')}
      aria-multiselectable
      aria-rowcount={rows}
      aria-colcount={columns}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onMouseDown={withoutText}
    >
      <div
        ref={sized}
        className={classes.room}
        role="presentation"
        style={{ height: virtual.getTotalSize() }}
      >
        {drawn.map(({ index, key, start }) => (
          // biome-ignore lint/a11y/useSemanticElements: see the grid
          // biome-ignore lint/a11y/useFocusableInteractive: its cells are
          <div
            key={key}
            role="row"
            aria-rowindex={index + 1}
            className={classes.row}
            style={{
              transform: `translateY(${start}px)`,
              gridTemplateColumns: `repeat(${columns}, ${cell}px)`,
              height: height - GAP,
            }}
          >
            {order.slice(index * columns, (index + 1) * columns).map((id, column) => (
              <ReferenceCell
                key={id}
                id={id}
                column={column + 1}
                reference={cells.get(id)}
                selected={selection.ids.has(id)}
                tabStop={id === tabStop}
                moving={virtual.isScrolling}
                words={words}
                onChoose={choose}
                onOpen={onOpen}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Shift and a click select cells, not the text between them. */
function withoutText(event: MouseEvent): void {
  if (event.shiftKey) event.preventDefault();
}
