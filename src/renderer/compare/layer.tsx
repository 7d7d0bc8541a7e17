import { Loader, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHost } from '../host/context.ts';
import classes from './layer.module.css';
import note from './note.module.css';
import type { ShownPicture } from './shown-picture.ts';
import { TiledPicture } from './tiled-picture.tsx';
import { useTiles } from './use-tiles.ts';
import type { Placement } from './viewport.ts';

interface LayerProps {
  readonly shown: ShownPicture;
  readonly placement: Placement;
  /** Without its colours, so that a tint stands out from any. */
  readonly grey?: boolean;
  /** Told once there is something to be seen. */
  readonly onSeen?: (() => void) | undefined;
}

/** One picture in a frame: a copy of it at once, its own pixels as soon as they are there. */
export function Layer({ shown, placement, grey = false, onSeen }: LayerProps) {
  const { t } = useTranslation('compare');
  const host = useHost();
  const { tileUrl, preparing, error } = useTiles(shown, placement);
  const [sharp, setSharp] = useState(false);
  const [covered, setCovered] = useState(false);
  const onSharp = (now: boolean) => {
    setSharp(now);
    if (!now) return;
    setCovered(true);
    onSeen?.();
  };
  const { kind, id, size } = shown;
  return (
    <div className={classes.layer} data-grey={grey} data-layer={kind} data-sharp={tileUrl !== null && sharp}>
      {/* Once the tiles cover it, it would only shine through where the picture is transparent. */}
      {kind !== 'difference' && !covered && (
        <img
          className={classes.overview}
          src={host.pictureUrl({ kind, id })}
          alt=""
          draggable={false}
          style={placement.picture}
          onLoad={onSeen}
        />
      )}
      {tileUrl && (
        <TiledPicture
          size={size}
          tileUrl={tileUrl}
          picture={placement.picture}
          frame={placement.frame}
          onSharp={onSharp}
        />
      )}
      {preparing && (
        <div className={note.note} role="status">
          <Loader size={14} color="white" aria-hidden />
          {t('preparing')}
        </div>
      )}
      {error && (
        <div className={note.note} role="alert">
          <Text size="xs">
            {error.message} {error.remedy}
          </Text>
        </div>
      )}
    </div>
  );
}
