import { ActionIcon, Button, Kbd, Text, Tooltip } from '@mantine/core';
import {
  IconColumns2,
  IconFlame,
  IconKeyboard,
  IconMinus,
  IconPhotoSearch,
  IconPlus,
  IconShare2,
  IconSpacingHorizontal,
  IconZoomScan,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './view-bar.module.css';
import { WAYS, type Way } from './ways.ts';
import { WeightMapButton } from './weight-map-button.tsx';

/** One step of the plus and minus buttons. */
export const ZOOM_STEP = Math.SQRT2;

interface ViewBarProps {
  readonly zoom: number;
  readonly fits: boolean;
  readonly onFit: () => void;
  readonly onZoom: (zoom: number) => void;
  /** Told when "before" is to be shown and when no longer. */
  readonly onHold: (held: boolean) => void;
  readonly way: Way;
  readonly onWay: (way: Way) => void;
  readonly differing: boolean;
  readonly onDiffering: () => void;
  /** Where the result came from its reference; null where there is nothing to tell. */
  readonly weightMap: { readonly shown: boolean; readonly toggle: () => void } | null;
  /** Whether the reference is shown beside; null where there is none. */
  readonly withReference: boolean | null;
  readonly onWithReference: () => void;
  readonly sharing: boolean;
  readonly onShare: () => void;
  readonly onHelp: () => void;
}

/** How the pictures are looked at: zoom, way of comparing, what is shown with them, and "before" while it is held. */
export function ViewBar(props: ViewBarProps) {
  const { t } = useTranslation('compare');
  const { zoom, fits, onFit, onZoom, onHold, weightMap, withReference } = props;
  return (
    // Clicking here takes no focus: the keys go on belonging to the picture.
    <div
      className={classes.bar}
      role="toolbar"
      aria-label={t('bar.label')}
      onMouseDown={(event) => event.preventDefault()}
    >
      <Button.Group>
        <Button size="compact-sm" variant="default" aria-pressed={fits} onClick={onFit}>
          {t('zoom.fit')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-pressed={!fits && zoom === 1}
          title={t('zoom.truePixels')}
          onClick={() => onZoom(1)}
        >
          {t('percent', { value: 100 })}
        </Button>
      </Button.Group>
      <div className={classes.zoom}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('zoom.out')}
          onClick={() => onZoom(zoom / ZOOM_STEP)}
        >
          <IconMinus size={16} />
        </ActionIcon>
        <Text size="xs" className={classes.value} data-testid="zoom">
          {t('percent', { value: Math.round(zoom * 100) })}
        </Text>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('zoom.in')}
          onClick={() => onZoom(zoom * ZOOM_STEP)}
        >
          <IconPlus size={16} />
        </ActionIcon>
      </div>
      <WayOfComparing way={props.way} onWay={props.onWay} />
      <div className={classes.group}>
        <Action label={t('difference.toggle')} pressed={props.differing} onClick={props.onDiffering}>
          <IconFlame size={18} stroke={1.5} />
        </Action>
        {withReference !== null && (
          <Action label={t('reference.toggle')} pressed={withReference} onClick={props.onWithReference}>
            <IconPhotoSearch size={18} stroke={1.5} />
          </Action>
        )}
        {weightMap && <WeightMapButton shown={weightMap.shown} onToggle={weightMap.toggle} />}
      </div>
      <div className={classes.end}>
        <Action label={t('share.button')} busy={props.sharing} onClick={props.onShare}>
          <IconShare2 size={18} stroke={1.5} />
        </Action>
        <Action label={t('keys.button')} onClick={props.onHelp}>
          <IconKeyboard size={18} stroke={1.5} />
        </Action>
        <Button
          size="compact-sm"
          variant="default"
          onPointerDown={() => onHold(true)}
          onPointerUp={() => onHold(false)}
          onPointerLeave={() => onHold(false)}
          onKeyDown={({ key }) => (key === ' ' || key === 'Enter') && onHold(true)}
          onKeyUp={() => onHold(false)}
          onBlur={() => onHold(false)}
          rightSection={<Kbd size="xs">{t('keys.space')}</Kbd>}
        >
          {t('hold')}
        </Button>
      </div>
    </div>
  );
}

const WAY_ICONS: Readonly<Record<Way, ReactNode>> = {
  slider: <IconSpacingHorizontal size={18} stroke={1.5} />,
  side: <IconColumns2 size={18} stroke={1.5} />,
  lens: <IconZoomScan size={18} stroke={1.5} />,
};

function WayOfComparing({ way, onWay }: { way: Way; onWay: (way: Way) => void }) {
  const { t } = useTranslation('compare');
  return (
    <ActionIcon.Group role="group" aria-label={t('way.label')}>
      {WAYS.map((each) => (
        <Action key={each} label={t(`way.${each}`)} pressed={each === way} onClick={() => onWay(each)}>
          {WAY_ICONS[each]}
        </Action>
      ))}
    </ActionIcon.Group>
  );
}

interface ActionProps {
  /** Says what it does, and its key. */
  readonly label: string;
  readonly onClick: () => void;
  readonly busy?: boolean;
  readonly pressed?: boolean;
  readonly children: ReactNode;
}

function Action({ label, onClick, busy = false, pressed, children }: ActionProps) {
  return (
    <Tooltip label={label} openDelay={400}>
      <ActionIcon
        variant="default"
        size="md"
        aria-label={label}
        aria-pressed={pressed}
        loading={busy}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
