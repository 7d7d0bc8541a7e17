import { IconCheck, IconZoomIn } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reference } from '../../core/galleries/galleries.ts';
import { useHost } from '../host/context.ts';
import classes from './reference-grid.module.css';
import type { Modifiers } from './selection.ts';

interface ReferenceCellProps {
  readonly id: number;
  /** From 1 on. */
  readonly column: number;
  /** Undefined while it is asked for. */
  readonly reference: Reference | undefined;
  readonly selected: boolean;
  readonly tabStop: boolean;
  readonly onChoose: (id: number, how: Modifiers) => void;
  readonly onOpen: (reference: Reference) => void;
}

/** A reference in the grid. Plain elements: hundreds of them come and go while the grid is scrolled. */
export const ReferenceCell = memo(function ReferenceCell(props: ReferenceCellProps) {
  const { id, column, reference, selected, tabStop, onChoose, onOpen } = props;
  const { t } = useTranslation('galleries');
  const host = useHost();
  const name = reference?.name ?? '';
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <div
      role="gridcell"
      aria-colindex={column}
      aria-selected={selected}
      aria-label={reference && t('grid.details', { ...sizeOf(reference), reference: name })}
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
            src={host.pictureUrl({ kind: 'reference-thumbnail', id: reference.sha256 })}
            alt=""
            decoding="async"
            draggable={false}
          />
        )}
      </div>
      {reference && (
        <>
          <button
            type="button"
            tabIndex={-1}
            className={classes.check}
            aria-label={t('grid.select', { reference: name })}
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
            aria-label={t('grid.show', { reference: name })}
            onClick={(event) => {
              event.stopPropagation();
              onOpen(reference);
            }}
          >
            <IconZoomIn size={16} stroke={1.75} aria-hidden />
          </button>
          <span className={classes.name} title={name}>
            {name}
          </span>
        </>
      )}
    </div>
  );
});

function sizeOf({ width, height }: Reference) {
  return { width, height };
}
