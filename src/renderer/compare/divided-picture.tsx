import { type ComponentProps, useState } from 'react';
import { Handle, HandleRoot, Item, Provider, Root } from 'react-compare-slider/components';
import { useReactCompareSlider } from 'react-compare-slider/hooks';
import classes from './compare-slider.module.css';
import { useCompareKeys } from './use-compare-keys.ts';
import type { Box, Placement } from './viewport.ts';

interface DividedPictureProps {
  /** Address of the photo, which is shown at the result's size. */
  readonly photo: string;
  readonly result: string;
  readonly placement: Placement;
  readonly dragging: Pick<ComponentProps<'div'>, 'onPointerDown' | 'onPointerMove'>;
  /** Shows the photo on both sides. */
  readonly showBefore: boolean;
  readonly onToggleZoom: () => void;
}

/**
 * Before on the left of a divider, after on its right. The slider's hook binds its listeners when it
 * mounts, so this mounts only once there is a place for it.
 */
export function DividedPicture(props: DividedPictureProps) {
  const { photo, result, placement, dragging, onToggleZoom } = props;
  // Dragging a picture that does not fit moves it; else it moves the divider.
  const pannable = placement.cropped;
  const slider = useReactCompareSlider({ onlyHandleDraggable: pannable });
  const held = useCompareKeys({
    onMove: (by) => slider.setPosition(slider.position.current + by),
    onToggleZoom,
  });
  const [loaded, setLoaded] = useState(false);
  const before = held || props.showBefore;
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
            <Picture src={photo} box={placement.picture} />
            <span className={classes.label}>Before</span>
          </Item>
          <Item item="itemTwo" className={classes.item} {...dragging}>
            <Picture src={result} box={placement.picture} onLoad={() => setLoaded(true)} />
            <Picture src={photo} box={placement.picture} hidden={loaded && !before} />
            <span className={classes.label} data-side="end">
              {before ? 'Before' : 'After'}
            </span>
          </Item>
          <HandleRoot
            className={classes.handle}
            aria-label="Divider between before and after"
            data-hidden={before}
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
  readonly onLoad?: () => void;
}

function Picture({ src, box, hidden = false, onLoad }: PictureProps) {
  const style = { ...box, visibility: hidden ? ('hidden' as const) : undefined };
  return <img className={classes.picture} src={src} alt="" draggable={false} style={style} onLoad={onLoad} />;
}
