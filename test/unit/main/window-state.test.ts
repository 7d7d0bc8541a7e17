import { describe, expect, it } from 'vitest';
import { type Area, placeWindow } from '../../../src/main/window-state.ts';

const LAPTOP: Area = { x: 0, y: 25, width: 1512, height: 945 };
const RIGHT: Area = { x: 1512, y: 0, width: 2560, height: 1440 };
const saved = (x: number, y: number, width = 1200, height = 800, maximised = false) => ({
  x,
  y,
  width,
  height,
  maximised,
});

describe('placeWindow', () => {
  it('opens in the middle of the main display at first, and fits it', () => {
    expect(placeWindow(null, [RIGHT, LAPTOP])).toEqual(saved(2072, 270, 1440, 900));
    expect(placeWindow(null, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual(saved(0, 0, 1280, 720));
  });

  it('opens where it was, on any display, across two, and partly outside', () => {
    for (const state of [
      saved(100, 100),
      saved(1800, 200, 2000, 1100),
      saved(1000, 300, 1200, 700),
      saved(1300, 500),
      saved(100, 100, 1200, 800, true),
    ]) {
      expect(placeWindow(state, [LAPTOP, RIGHT])).toEqual(state);
    }
  });

  it('comes back from a display that is gone, maximised if it was', () => {
    expect(placeWindow(saved(1800, 200, 1200, 800, true), [LAPTOP])).toEqual(saved(156, 98, 1200, 800, true));
    expect(placeWindow(saved(-1900, 0), [LAPTOP])).toEqual(saved(156, 98));
  });

  it('comes back from where its title bar cannot be reached', () => {
    // Above the display, below it, and all but gone to the left.
    expect(placeWindow(saved(100, -400), [LAPTOP])).toEqual(saved(100, 25));
    expect(placeWindow(saved(100, 960), [LAPTOP])).toEqual(saved(100, 170));
    expect(placeWindow(saved(-1150, 100), [LAPTOP])).toEqual(saved(0, 100));
  });

  it('shrinks to a smaller display, and is never smaller than it can be', () => {
    expect(placeWindow(saved(50, 50, 2500, 1400), [LAPTOP])).toEqual(saved(0, 25, 1512, 945));
    expect(placeWindow(saved(50, 50, 300, 200), [LAPTOP])).toEqual(saved(50, 50, 1024, 700));
  });
});
