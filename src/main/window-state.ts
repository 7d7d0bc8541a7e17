import { z } from 'zod';

/** Where a window is, in the system's device-independent pixels. */
export const windowState = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximised: z.boolean(),
});
export type WindowState = z.infer<typeof windowState>;

/** A part of the desktop: what a display leaves to windows. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const MINIMUM_SIZE = { width: 1024, height: 700 };
const DEFAULT_SIZE = { width: 1440, height: 900 };

/** Height of the bar a window is moved by, and how much of it must be in reach. */
const TITLE_BAR = 32;
const REACHABLE = { width: 120, height: 16 };

/**
 * Where to open the window: where it was, as long as that can still be reached. A display may be gone, smaller or
 * elsewhere since; the window then comes to the nearest one, as large as it was if it fits.
 *
 * @param saved where it was; null at the first start
 * @param areas the displays' work areas, the main one first
 */
export function placeWindow(saved: WindowState | null, areas: readonly [Area, ...Area[]]): WindowState {
  const maximised = saved?.maximised ?? false;
  const size = {
    width: Math.max(saved?.width ?? DEFAULT_SIZE.width, MINIMUM_SIZE.width),
    height: Math.max(saved?.height ?? DEFAULT_SIZE.height, MINIMUM_SIZE.height),
  };
  if (saved === null) return { ...centred(fitted(size, areas[0]), areas[0]), maximised };
  const wanted = { x: saved.x, y: saved.y, ...size };
  const home = mostOverlapped(wanted, areas);
  if (home === undefined) return { ...centred(fitted(size, areas[0]), areas[0]), maximised };
  const fits = size.width <= home.width && size.height <= home.height;
  if (fits && isReachable(wanted, areas)) return { ...wanted, maximised };
  return { ...movedInto({ ...wanted, ...fitted(size, home) }, home), maximised };
}

function isReachable({ x, y, width }: Area, areas: readonly Area[]): boolean {
  return areas.some((area) => {
    const { width: across, height: down } = overlap({ x, y, width, height: TITLE_BAR }, area);
    return across >= REACHABLE.width && down >= REACHABLE.height;
  });
}

function mostOverlapped(window: Area, areas: readonly Area[]): Area | undefined {
  const shared = (area: Area) => {
    const { width, height } = overlap(window, area);
    return width * height;
  };
  return areas.filter((area) => shared(area) > 0).sort((a, b) => shared(b) - shared(a))[0];
}

function overlap(a: Area, b: Area): { width: number; height: number } {
  const along = (from: number, size: number, other: number, otherSize: number) =>
    Math.max(0, Math.min(from + size, other + otherSize) - Math.max(from, other));
  return { width: along(a.x, a.width, b.x, b.width), height: along(a.y, a.height, b.y, b.height) };
}

function fitted(size: { width: number; height: number }, area: Area): { width: number; height: number } {
  return { width: Math.min(size.width, area.width), height: Math.min(size.height, area.height) };
}

function centred(size: { width: number; height: number }, area: Area): Area {
  return {
    x: area.x + Math.round((area.width - size.width) / 2),
    y: area.y + Math.round((area.height - size.height) / 2),
    ...size,
  };
}

function movedInto(window: Area, area: Area): Area {
  const within = (at: number, size: number, from: number, length: number) =>
    Math.min(Math.max(at, from), from + length - size);
  return {
    ...window,
    x: within(window.x, window.width, area.x, area.width),
    y: within(window.y, window.height, area.y, area.height),
  };
}
