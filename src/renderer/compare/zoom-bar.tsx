import { ActionIcon, Button, Kbd, Text } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './zoom-bar.module.css';

interface ZoomBarProps {
  readonly zoom: number;
  readonly fits: boolean;
  readonly onFit: () => void;
  readonly onZoom: (zoom: number) => void;
  /** Told when "before" is to be shown and when no longer. */
  readonly onHold: (held: boolean) => void;
  /** What else there is to see of this result. */
  readonly children?: ReactNode;
}

/** One step of the plus and minus buttons. */
const STEP = Math.SQRT2;

/** Zoom, and the button that shows "before" while it is held. */
export function ZoomBar({ zoom, fits, onFit, onZoom, onHold, children }: ZoomBarProps) {
  return (
    // Clicking here takes no focus: the keys go on belonging to the picture.
    <div
      className={classes.bar}
      role="toolbar"
      aria-label="View"
      onMouseDown={(event) => event.preventDefault()}
    >
      <Button.Group>
        <Button size="compact-sm" variant="default" aria-pressed={fits} onClick={onFit}>
          Fit
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-pressed={!fits && zoom === 1}
          title="One pixel of the result is one pixel of the screen (Z)"
          onClick={() => onZoom(1)}
        >
          100 %
        </Button>
      </Button.Group>
      <div className={classes.zoom}>
        <ActionIcon variant="subtle" color="gray" aria-label="Zoom out" onClick={() => onZoom(zoom / STEP)}>
          <IconMinus size={16} />
        </ActionIcon>
        <Text size="xs" className={classes.value} data-testid="zoom">
          {Math.round(zoom * 100)} %
        </Text>
        <ActionIcon variant="subtle" color="gray" aria-label="Zoom in" onClick={() => onZoom(zoom * STEP)}>
          <IconPlus size={16} />
        </ActionIcon>
      </div>
      {children}
      <Button
        className={classes.hold}
        size="compact-sm"
        variant="default"
        onPointerDown={() => onHold(true)}
        onPointerUp={() => onHold(false)}
        onPointerLeave={() => onHold(false)}
        onKeyDown={({ key }) => (key === ' ' || key === 'Enter') && onHold(true)}
        onKeyUp={() => onHold(false)}
        onBlur={() => onHold(false)}
        rightSection={<Kbd size="xs">Space</Kbd>}
      >
        Hold for before
      </Button>
    </div>
  );
}
