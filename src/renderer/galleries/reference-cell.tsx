import { IconCheck, IconZoomIn } from '@tabler/icons-react';
import { memo } from 'react';
import type { Reference } from '../../core/galleries/galleries.ts';
import classes from './reference-grid.module.css';
import type { Modifiers } from './selection.ts';

/** What all cells share: looked up once, not in each. */
export interface CellWords {
  readonly show: (name: string) => string;
  readonly select: (name: string) => string;
  /** Address of a thumbnail. */
  readonly picture: (sha256: string) => string;
}

interface ReferenceCellProps {
  readonly id: number;
  /** From 1 on. */
  readonly column: number;
  /** Undefined while it is asked for. */
  readonly reference: Reference | undefined;
  readonly selected: boolean;
  readonly tabStop: boolean;
  /** Whether the grid moves: what the pointer is for comes when it stands still. */
  readonly moving: boolean;
  readonly words: CellWords;
  readonly onChoose: (id: number, how: Modifiers) => void;
  readonly onOpen: (reference: Reference) => void;
}

/** A reference in the grid. Plain elements: hundreds of them come and go while the grid is scrolled. */
export const ReferenceCell = memo(function ReferenceCell(props: ReferenceCellProps) {
  const { id, column, reference, selected, tabStop, moving, words, onChoose, onOpen } = props;
  const name = reference?.name ?? '';
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <div
      role="gridcell"
      aria-colindex={column}
      aria-selected={selected}
      aria-label={name}
      data-reference={id}
      className={classes.cell}
      tabIndex={tabStop ? 0 : -1}
      onClick={({ shiftKey, ctrlKey, metaKey }) =>
        onChoose(id, { range: shiftKey, toggle: ctrlKey || metaKey })
      }
      onDoubleClick={() => reference && onOpen(reference)}
    >
      <div className={classes.frame}>
        {reference && (
          <img
            className={classes.picture}
            src={words.picture(reference.sha256)}
            alt=""
            decoding="async"
            draggable={false}
          />
        )}
      </div>
      {reference && (!moving || selected) && (
        <>
          <button
            type="button"
            tabIndex={-1}
            className={classes.check}
            aria-label={words.select(name)}
            aria-pressed={selected}
            onClick={(event) => {
              event.stopPropagation();
              onChoose(id, { range: event.shiftKey, toggle: true });
            }}
          >
            <IconCheck size={14} stroke={3} aria-hidden />
          </button>
          <button
            type="button"
            tabIndex={-1}
            className={classes.show}
            aria-label={words.show(name)}
            onClick={(event) => {
              event.stopPropagation();
              onOpen(reference);
            }}
          >
            <IconZoomIn size={16} stroke={1.75} aria-hidden />
          </button>
        </>
      )}
      <span className={classes.name} title={name}>
        {name}
      </span>
    </div>
  );
});
