/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What of a picture is looked at. */
export interface Viewport {
  /** Pixels of the screen for each pixel of the picture: 1 is 100 %. `fit` shows all of it. */
  readonly zoom: number | 'fit';
  /** The point of the picture in the middle of the box, 0…1 in each direction. */
  readonly x: number;
  readonly y: number;
}

/** A rectangle in CSS pixels. */
export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/** A point in CSS pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where things lie on the screen. */
export interface Placement {
  readonly zoom: number;
  /** The visible part of the picture, within the box. */
  readonly frame: Box;
  /** Whether the picture reaches beyond the frame. */
  readonly cropped: boolean;
  /** The whole picture, within the frame. */
  readonly picture: Box;
}

export const FIT: Viewport = { zoom: 'fit', x: 0.5, y: 0.5 };

/** Eight screen pixels for one: single pixels can be counted, more shows nothing new. */
export const MAX_ZOOM = 8;

/** The zoom at which all of a picture is in the box. */
export function fitZoom(picture: Size, box: Size, pixelRatio: number): number {
  return Math.min(box.width / picture.width, box.height / picture.height) * pixelRatio;
}

/**
 * Places a picture in a box. Positions are whole pixels of the screen, whatever their ratio to those of CSS, so that
 * 100 % is not resampled.
 */
export function place(viewport: Viewport, picture: Size, box: Size, pixelRatio: number): Placement {
  const zoom = viewport.zoom === 'fit' ? fitZoom(picture, box, pixelRatio) : viewport.zoom;
  const x = placeAxis(picture.width * zoom, box.width * pixelRatio, viewport.x);
  const y = placeAxis(picture.height * zoom, box.height * pixelRatio, viewport.y);
  const inCss = (left: number, top: number, width: number, height: number): Box => ({
    left: left / pixelRatio,
    top: top / pixelRatio,
    width: width / pixelRatio,
    height: height / pixelRatio,
  });
  return {
    zoom,
    cropped: x.visible < x.length || y.visible < y.length,
    frame: inCss(x.frame, y.frame, x.visible, y.visible),
    picture: inCss(x.picture, y.picture, x.length, y.length),
  };
}

/** The part of a picture that is in the frame, in shares of its sides. */
export function visiblePart({ frame, picture }: Placement): Box {
  return {
    left: (0 - picture.left) / picture.width,
    top: (0 - picture.top) / picture.height,
    width: frame.width / picture.width,
    height: frame.height / picture.height,
  };
}

/**
 * Zooms so that the point under the pointer stays under it.
 *
 * @param pointer in CSS pixels from the middle of the box
 */
export function zoomAt(
  viewport: Viewport,
  to: number,
  pointer: Point,
  picture: Size,
  box: Size,
  pixelRatio: number,
): Viewport {
  const fit = fitZoom(picture, box, pixelRatio);
  const from = viewport.zoom === 'fit' ? fit : viewport.zoom;
  if (to <= fit && fit <= 1) return FIT;
  // A picture smaller than the box can be brought down to its true size, never below.
  const zoom = Math.min(MAX_ZOOM, Math.max(to, Math.min(fit, 1)));
  const shift = pixelRatio / from - pixelRatio / zoom;
  const x = viewport.x + (pointer.x * shift) / picture.width;
  const y = viewport.y + (pointer.y * shift) / picture.height;
  return within({ zoom, x, y }, picture, box, pixelRatio);
}

/** Moves the picture by CSS pixels, as far as its edges allow. */
export function pan(viewport: Viewport, by: Point, picture: Size, box: Size, pixelRatio: number): Viewport {
  if (viewport.zoom === 'fit') return viewport;
  const scale = viewport.zoom / pixelRatio;
  const x = viewport.x - by.x / (picture.width * scale);
  const y = viewport.y - by.y / (picture.height * scale);
  return within({ zoom: viewport.zoom, x, y }, picture, box, pixelRatio);
}

function within(
  viewport: Viewport & { zoom: number },
  picture: Size,
  box: Size,
  pixelRatio: number,
): Viewport {
  const scale = viewport.zoom / pixelRatio;
  const clamp = (centre: number, length: number, visible: number) => {
    const margin = Math.min(0.5, visible / length / 2);
    return Math.min(1 - margin, Math.max(margin, centre));
  };
  return {
    zoom: viewport.zoom,
    x: clamp(viewport.x, picture.width * scale, box.width),
    y: clamp(viewport.y, picture.height * scale, box.height),
  };
}

function placeAxis(exactLength: number, available: number, centre: number) {
  const length = Math.max(1, Math.round(exactLength));
  const visible = Math.min(length, Math.floor(available));
  // Halves must round the same way each time, or a drag by whole pixels would move by one more or less.
  const offset = Math.round(visible / 2 - centre * length + 1e-6);
  return {
    length,
    visible,
    frame: Math.floor((available - visible) / 2),
    picture: Math.min(0, Math.max(visible - length, offset)),
  };
}
