import classes from './compare-stage.module.css';
import { AfterSide, BeforeSide, type ComparedProps, SideLabel } from './sides.tsx';
import { PANE_GAP } from './use-viewport.ts';
import type { Size } from './viewport.ts';

interface SideBySideProps extends ComparedProps {
  /** Size of each of the two panes. */
  readonly pane: Size;
}

/** Before on the left, after on the right, both at the same place of the picture. */
export function SideBySide({ pane, ...compared }: SideBySideProps) {
  const { before, after, placement, showBefore } = compared;
  const { frame } = placement;
  const right = { ...frame, left: frame.left + pane.width + PANE_GAP };
  return (
    <>
      <div className={classes.frame} style={frame} data-pane data-testid="pane-before">
        <BeforeSide {...compared} />
        <SideLabel side="start">{before.label}</SideLabel>
      </div>
      <div className={classes.frame} style={right} data-pane data-testid="pane-after">
        {showBefore ? <BeforeSide {...compared} /> : <AfterSide {...compared} />}
        <SideLabel side="start">{showBefore ? before.label : after.label}</SideLabel>
      </div>
    </>
  );
}
