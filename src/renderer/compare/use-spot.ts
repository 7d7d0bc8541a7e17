import { type PointerEvent, useState } from 'react';
import type { Size } from './viewport.ts';

/** The point of the frame that is looked at: under the pointer, or where the keys moved it; the middle at first. */
export function useSpot(frame: Size | undefined) {
  // In shares, so that it stays where it is when the window changes.
  const [spot, setSpot] = useState({ x: 0.5, y: 0.5 });
  const within = (share: number) => Math.min(Math.max(share, 0), 1);
  return {
    spot: { x: spot.x * (frame?.width ?? 0), y: spot.y * (frame?.height ?? 0) },
    moveSpot: (right: number, down: number) =>
      setSpot((old) => ({ x: within(old.x + right), y: within(old.y + down) })),
    followPointer(event: PointerEvent<HTMLElement>) {
      const pane = (event.target as Element).closest('[data-pane]');
      if (pane === null) return;
      const { left, top, width, height } = pane.getBoundingClientRect();
      setSpot({ x: within((event.clientX - left) / width), y: within((event.clientY - top) / height) });
    },
  };
}
