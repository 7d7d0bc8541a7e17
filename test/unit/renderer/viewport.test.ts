import { describe, expect, it } from 'vitest';
import {
  FIT,
  fitZoom,
  MAX_ZOOM,
  pan,
  place,
  visiblePart,
  zoomAt,
} from '../../../src/renderer/compare/viewport.ts';

const picture = { width: 1600, height: 1200 };
const box = { width: 800, height: 500 };

/** Where a point of the picture (0…1) lies in the box, in CSS pixels from the box's middle. */
function onScreen({ frame, picture: image }: ReturnType<typeof place>, x: number, y: number) {
  return {
    x: frame.left + image.left + x * image.width - box.width / 2,
    y: frame.top + image.top + y * image.height - box.height / 2,
  };
}

describe('place', () => {
  it('fits a picture whole and centred, keeping its aspect', () => {
    const { frame, picture: image, zoom } = place(FIT, picture, box, 1);
    expect(zoom).toBeCloseTo(500 / 1200);
    expect(frame).toEqual({ left: 66, top: 0, width: 667, height: 500 });
    expect(image).toEqual({ left: 0, top: 0, width: 667, height: 500 });
  });

  it.each([1, 1.5, 2])('shows one pixel for one at 100 %% on a screen of ratio %d', (ratio) => {
    const { picture: image } = place({ zoom: 1, x: 0.5, y: 0.5 }, picture, box, ratio);
    expect(image.width * ratio).toBeCloseTo(1600, 6);
    expect(image.height * ratio).toBeCloseTo(1200, 6);
    const onScreen = [image.left, image.top].map((offset) => offset * ratio);
    for (const offset of onScreen) expect(offset).toBeCloseTo(Math.round(offset), 6);
  });

  it.each([1.25, 1.5, 1.75])('puts everything on whole pixels of a screen of ratio %d', (ratio) => {
    const { frame, picture: image } = place({ zoom: 0.7, x: 0.31, y: 0.77 }, picture, box, ratio);
    for (const value of [...Object.values(frame), ...Object.values(image)]) {
      expect(value * ratio).toBeCloseTo(Math.round(value * ratio), 6);
    }
  });
});

describe('visiblePart', () => {
  it('is all of a picture that fits, and what the frame shows of another', () => {
    expect(visiblePart(place(FIT, picture, box, 1))).toEqual({ left: 0, top: 0, width: 1, height: 1 });
    const part = visiblePart(place({ zoom: 1, x: 0.5, y: 0.5 }, picture, box, 2));
    expect(part.left + part.width / 2).toBeCloseTo(0.5, 3);
    expect(part.width).toBeCloseTo(1, 3);
    expect(part.height).toBeCloseTo(1000 / 1200, 3);
  });
});

describe('zoomAt', () => {
  it('keeps the point under the pointer where it is', () => {
    const pointer = { x: 120, y: -60 };
    const near = { zoom: 1, x: 0.4, y: 0.5 };
    const from = place(near, picture, box, 1);
    const point = {
      x: (pointer.x + box.width / 2 - from.frame.left - from.picture.left) / from.picture.width,
      y: (pointer.y + box.height / 2 - from.frame.top - from.picture.top) / from.picture.height,
    };
    const to = place(zoomAt(near, 3, pointer, picture, box, 1), picture, box, 1);
    const now = onScreen(to, point.x, point.y);
    expect(Math.abs(now.x - pointer.x)).toBeLessThan(1.5);
    expect(Math.abs(now.y - pointer.y)).toBeLessThan(1.5);
  });

  it('ends in fit when zoomed out, and at the largest zoom when zoomed in', () => {
    const near = { zoom: 1, x: 0.5, y: 0.5 };
    expect(zoomAt(near, fitZoom(picture, box, 1) * 0.9, { x: 0, y: 0 }, picture, box, 1)).toEqual(FIT);
    expect(zoomAt(near, 100, { x: 0, y: 0 }, picture, box, 1).zoom).toBe(MAX_ZOOM);
  });
});

describe('zoomAt on a picture smaller than the box', () => {
  const small = { width: 400, height: 300 };
  const middle = { x: 0, y: 0 };

  it('goes down to 100 % and not below', () => {
    expect(zoomAt(FIT, 1, middle, small, box, 1)).toEqual({ zoom: 1, x: 0.5, y: 0.5 });
    expect(zoomAt(FIT, 0.3, middle, small, box, 1).zoom).toBe(1);
    const placement = place({ zoom: 1, x: 0.5, y: 0.5 }, small, box, 1);
    expect(placement.frame).toEqual({ left: 200, top: 100, width: 400, height: 300 });
    expect(placement.cropped).toBe(false);
  });
});

describe('pan', () => {
  it('moves by the pixels dragged, and stops at the edges', () => {
    const near = { zoom: 1, x: 0.5, y: 0.5 };
    const moved = place(pan(near, { x: -40, y: -20 }, picture, box, 1), picture, box, 1);
    expect(moved.picture).toMatchObject({ left: -440, top: -370 });
    const far = place(pan(near, { x: 9999, y: -9999 }, picture, box, 1), picture, box, 1);
    expect(far.picture).toMatchObject({ left: 0, top: 500 - 1200 });
  });

  it('leaves a picture that fits where it is', () => {
    expect(pan(FIT, { x: 10, y: 10 }, picture, box, 1)).toBe(FIT);
  });
});
