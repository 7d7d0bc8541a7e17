import classes from './compare-stage.module.css';
import { AfterSide, BeforeSide, type ComparedProps, SideLabel } from './sides.tsx';
import type { Point } from './viewport.ts';

/** Radius of the lens in CSS pixels, where the picture has room for it. */
const RADIUS = 130;

interface LensPictureProps extends ComparedProps {
  /** Middle of the lens, in CSS pixels of the frame. */
  readonly spot: Point;
}

/** The result, and a round lens through which one sees what was before. */
export function LensPicture({ spot, ...compared }: LensPictureProps) {
  const { before, after, placement, showBefore } = compared;
  const { width, height } = placement.frame;
  const radius = Math.min(RADIUS, width / 3, height / 3);
  const ring = { left: spot.x - radius, top: spot.y - radius, width: 2 * radius, height: 2 * radius };
  return (
    <>
      <AfterSide {...compared} />
      <div
        className={classes.lens}
        style={showBefore ? undefined : { clipPath: `circle(${radius}px at ${spot.x}px ${spot.y}px)` }}
      >
        <BeforeSide {...compared} />
      </div>
      {!showBefore && (
        <div className={classes.ring} style={ring} data-testid="lens">
          <span className={classes.ringLabel}>{before.label}</span>
        </div>
      )}
      <SideLabel side={showBefore ? 'start' : 'end'}>{showBefore ? before.label : after.label}</SideLabel>
    </>
  );
}
