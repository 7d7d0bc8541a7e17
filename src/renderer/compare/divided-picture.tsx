import { useEffect, useState } from 'react';
import { Handle, HandleRoot, Item, Provider, Root } from 'react-compare-slider/components';
import { useReactCompareSlider } from 'react-compare-slider/hooks';
import { useTranslation } from 'react-i18next';
import classes from './compare-stage.module.css';
import { AfterSide, BeforeSide, type ComparedProps, SideLabel } from './sides.tsx';

interface DividedPictureProps extends ComparedProps {
  /** Is handed what moves the divider by per cent. */
  readonly onMover: (move: (by: number) => void) => void;
}

/**
 * Before on the left of a divider, after on its right. The slider's hook binds its listeners when it
 * mounts, so this mounts only once there is a place for it.
 */
export function DividedPicture({ onMover, ...compared }: DividedPictureProps) {
  const { t } = useTranslation('compare');
  const { before, after, placement } = compared;
  // Dragging a picture that does not fit moves it; else it moves the divider.
  const slider = useReactCompareSlider({ onlyHandleDraggable: placement.cropped });
  const { setPosition, position } = slider;
  useEffect(() => onMover((by) => setPosition(position.current + by)), [onMover, setPosition, position]);
  const [seen, setSeen] = useState(false);
  const hidden = compared.showBefore || !seen;
  return (
    <Provider {...slider}>
      <Root className={classes.root} style={{ maxWidth: 'none' }}>
        <Item item="itemOne" className={classes.item} style={hidden ? { clipPath: 'none' } : undefined}>
          <BeforeSide {...compared} />
          <SideLabel side="start">{before.label}</SideLabel>
        </Item>
        <Item item="itemTwo" className={classes.item} style={hidden ? { visibility: 'hidden' } : undefined}>
          <AfterSide {...compared} onSeen={() => setSeen(true)} />
          {!compared.showBefore && <SideLabel side="end">{after.label}</SideLabel>}
        </Item>
        <HandleRoot className={classes.handle} aria-label={t('divider')} data-hidden={compared.showBefore}>
          <Handle buttonStyle={{ width: '2.5rem', height: '2.5rem', gap: '0.25rem' }} />
        </HandleRoot>
      </Root>
    </Provider>
  );
}
