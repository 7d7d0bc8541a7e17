import { type ComponentProps, useState } from 'react';
import { Handle, HandleRoot, Item, Provider, Root } from 'react-compare-slider/components';
import { useReactCompareSlider } from 'react-compare-slider/hooks';
import classes from './compare-slider.module.css';
import { useCompareKeys } from './use-compare-keys.ts';
import type { Box, Placement } from './viewport.ts';

/** What is shown on one side of the divider. */
interface Side {
  /** Address of the picture, which is shown at the result's size. */
  readonly url: string;
  readonly label: string;
}

interface DividedPictureProps {
  readonly before: Side;
  readonly after: Side;
  /** Address of a grey picture, white where the result is to be tinted; null for no tint. */
  readonly weightMap: string | null;
  readonly placement: Placement;
  readonly dragging: Pick<ComponentProps<'div'>, 'onPointerDown' | 'onPointerMove'>;
  /** Shows what is before on both sides. */
  readonly showBefore: boolean;
  readonly onToggleZoom: () => void;
  readonly onToggleWeightMap: () => void;
}

/**
 * Before on the left of a divider, after on its right. The slider's hook binds its listeners when it
 * mounts, so this mounts only once there is a place for it.
 */
export function DividedPicture(props: DividedPictureProps) {
  const { before, after, weightMap, placement, dragging, onToggleZoom, onToggleWeightMap } = props;
  // Dragging a picture that does not fit moves it; else it moves the divider.
  const pannable = placement.cropped;
  const slider = useReactCompareSlider({ onlyHandleDraggable: pannable });
  const held = useCompareKeys({
    onMove: (by) => slider.setPosition(slider.position.current + by),
    onToggleZoom,
    onToggleWeightMap,
  });
  const [loaded, setLoaded] = useState(false);
  const showBefore = held || props.showBefore;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      className={classes.frame}
      style={placement.frame}
      role="group"
      aria-label="Before and after"
      data-pannable={pannable}
      data-testid="picture"
    >
      <Provider {...slider}>
        <Root className={classes.root} style={{ maxWidth: 'none' }}>
          <Item item="itemOne" className={classes.item} {...dragging}>
            <Picture src={before.url} box={placement.picture} />
            <span className={classes.label}>{before.label}</span>
          </Item>
          <Item item="itemTwo" className={classes.item} {...dragging}>
            <Picture
              src={after.url}
              box={placement.picture}
              grey={weightMap !== null}
              onLoad={() => setLoaded(true)}
            />
            {weightMap !== null && <Tint weightMap={weightMap} box={placement.picture} />}
            <Picture src={before.url} box={placement.picture} hidden={loaded && !showBefore} />
            <span className={classes.label} data-side="end">
              {showBefore ? before.label : after.label}
            </span>
          </Item>
          <HandleRoot
            className={classes.handle}
            aria-label="Divider between before and after"
            data-hidden={showBefore}
          >
            <Handle buttonStyle={{ width: '2.5rem', height: '2.5rem', gap: '0.25rem' }} />
          </HandleRoot>
        </Root>
      </Provider>
    </div>
  );
}

interface PictureProps {
  readonly src: string;
  readonly box: Box;
  readonly hidden?: boolean;
  /** Without its colours, so that a tint stands out from any. */
  readonly grey?: boolean;
  readonly onLoad?: () => void;
}

function Picture({ src, box, hidden = false, grey = false, onLoad }: PictureProps) {
  const style = { ...box, visibility: hidden ? ('hidden' as const) : undefined };
  return (
    <img
      className={classes.picture}
      src={src}
      alt=""
      draggable={false}
      data-grey={grey}
      style={style}
      onLoad={onLoad}
    />
  );
}

/** Colour where the weight map is white. */
function Tint({ weightMap, box }: { weightMap: string; box: Box }) {
  const style = { ...box, maskImage: `url("${weightMap}")` };
  return <div className={classes.tint} data-testid="weight-map" style={style} />;
}
