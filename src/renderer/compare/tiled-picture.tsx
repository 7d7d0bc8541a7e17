import OpenSeadragon from 'openseadragon';
import { useEffect, useEffectEvent, useRef } from 'react';
import classes from './layer.module.css';
import type { Box, Size } from './viewport.ts';

/** Of the engine's tiles: their sides, and what they share with each neighbour, in pixels. */
const TILE_SIZE = 512;
const TILE_OVERLAP = 1;

/** Tiles kept decoded, at a megabyte each: four screens full. */
const TILES_KEPT = 96;

/** Tiles asked for at once: a browser opens six connections to a server, and not all are for tiles. */
const TILES_AT_ONCE = 4;

interface TiledPictureProps {
  /** The picture's own size. */
  readonly size: Size;
  /** Address of a tile; must stay the same function for as long as it gives the same addresses. */
  readonly tileUrl: (level: number, x: number, y: number) => string;
  /** Where the whole picture lies within the frame, whatever its own size, and the frame's size; in CSS pixels. */
  readonly picture: Box;
  readonly frame: Size;
  /** Told when all is drawn as sharp as it gets, and when it no longer is. */
  readonly onSharp: (sharp: boolean) => void;
}

/**
 * A picture of any size, of which only the tiles in sight are loaded. OpenSeadragon fetches, keeps and draws them;
 * where the picture lies is decided by the viewport alone, which keeps several pictures together to the pixel.
 */
export function TiledPicture({ size, tileUrl, picture, frame, onSharp }: TiledPictureProps) {
  const element = useRef<HTMLDivElement>(null);
  const viewer = useRef<OpenSeadragon.Viewer | null>(null);
  const { width, height } = size;
  const tellSharp = useEffectEvent(onSharp);

  const look = useEffectEvent(() => {
    const viewport = viewer.current?.viewport;
    if (!viewport) return;
    // Its own measuring rounds to whole CSS pixels, which are not whole pixels of every screen.
    viewport.resize(new OpenSeadragon.Point(frame.width, frame.height), true);
    viewport.zoomTo(picture.width / frame.width, undefined, true);
    const middle = (offset: number, length: number) => (length / 2 - offset) / picture.width;
    viewport.panTo(
      new OpenSeadragon.Point(middle(picture.left, frame.width), middle(picture.top, frame.height)),
      true,
    );
  });

  useEffect(() => {
    const made = OpenSeadragon({
      element: element.current!,
      drawer: 'canvas',
      tileSources: tileSource({ width, height }, tileUrl) as never,
      maxImageCacheCount: TILES_KEPT,
      imageLoaderLimit: TILES_AT_ONCE,
      tileRetryMax: 3,
      tileRetryDelay: 2000,
      // The viewport decides.
      autoResize: false,
      mouseNavEnabled: false,
      showNavigationControl: false,
      keyboardNavEnabled: false,
      tabIndex: -1,
      visibilityRatio: 0,
      minZoomImageRatio: 0,
      maxZoomPixelRatio: Number.POSITIVE_INFINITY,
      animationTime: 0,
      blendTime: 0,
    });
    viewer.current = made;
    made.addOnceHandler('open', () => {
      look();
      made.world.getItemAt(0).addHandler('fully-loaded-change', ({ fullyLoaded }) => tellSharp(fullyLoaded));
    });
    return () => {
      viewer.current = null;
      made.destroy();
    };
  }, [width, height, tileUrl]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what is looked at
  useEffect(() => look(), [picture.left, picture.top, picture.width, frame.width, frame.height]);

  return <div ref={element} className={classes.tiles} aria-hidden />;
}

/** The engine's grid of tiles, in which levels are counted in halvings, in OpenSeadragon's words. */
function tileSource({ width, height }: Size, tileUrl: TiledPictureProps['tileUrl']) {
  const maxLevel = Math.ceil(Math.log2(Math.max(width, height)));
  return {
    width,
    height,
    tileSize: TILE_SIZE,
    tileOverlap: TILE_OVERLAP,
    maxLevel,
    minLevel: maxLevel - halvings({ width, height }),
    getTileUrl: (level: number, x: number, y: number) => tileUrl(maxLevel - level, x, y),
  };
}

/** How often a picture is halved until it fits in one tile. */
function halvings({ width, height }: Size): number {
  return Math.max(0, Math.ceil(Math.log2((Math.max(width, height) + 1) / (TILE_SIZE + 1))));
}
