import classes from './compare-stage.module.css';
import { Layer } from './layer.tsx';
import type { ShownPicture } from './shown-picture.ts';
import type { Box, Placement } from './viewport.ts';

/** What is on one side of a comparison. */
export interface Side {
  readonly shown: ShownPicture;
  readonly label: string;
}

/** What the compared pictures have in common, however they are laid out. */
export interface ComparedProps {
  readonly before: Side;
  readonly after: Side;
  /** The map of how much they differ, to be shown instead of the result; null for none. */
  readonly difference: ShownPicture | null;
  /** Address of a grey picture, white where the result is to be tinted; null for no tint. */
  readonly weightMap: string | null;
  readonly placement: Placement;
  /** Shows what is before everywhere. */
  readonly showBefore: boolean;
}

/** The result, with what is laid over it. */
export function AfterSide({
  after,
  difference,
  weightMap,
  placement,
  onSeen,
}: ComparedProps & { readonly onSeen?: () => void }) {
  const tinted = weightMap !== null && difference === null;
  return (
    <>
      <Layer key={after.shown.id} shown={after.shown} placement={placement} grey={tinted} onSeen={onSeen} />
      {difference && (
        <Layer key={`${difference.id} ${difference.against}`} shown={difference} placement={placement} />
      )}
      {tinted && <Tint weightMap={weightMap} box={placement.picture} />}
    </>
  );
}

export function BeforeSide({ before, placement }: ComparedProps) {
  return <Layer key={before.shown.id} shown={before.shown} placement={placement} />;
}

/** Names what is seen; `side` is the corner it stands in. */
export function SideLabel({ side, children }: { side: 'start' | 'end'; children: string }) {
  return (
    <span className={classes.label} data-side={side}>
      {children}
    </span>
  );
}

/** Colour where the weight map is white. */
function Tint({ weightMap, box }: { weightMap: string; box: Box }) {
  const style = { ...box, maskImage: `url("${weightMap}")` };
  return <div className={classes.tint} data-testid="weight-map" style={style} />;
}
