import { useElementSize, useMergedRef } from '@mantine/hooks';
import { type PointerEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { FIT, pan, place, type Size, type Viewport, zoomAt } from './viewport.ts';

/** Wheel travel that doubles the zoom. */
const WHEEL_PER_DOUBLING = 240;

/** Space between panes that lie side by side, in CSS pixels. */
export const PANE_GAP = 12;

/**
 * Zoom and pan of a picture, the same in each of so many panes that share the space there is. What is dragged or
 * turned over must lie in an element with `data-pane`.
 */
export function useViewport(picture: Size, panes: number) {
  const [viewport, setViewport] = useState<Viewport>(FIT);
  const { ref: sizeRef, width: available, height } = useElementSize<HTMLDivElement>();
  const width = Math.floor((available - (panes - 1) * PANE_GAP) / panes);
  const element = useRef<HTMLDivElement>(null);
  const dragStart = useRef<{ viewport: Viewport; x: number; y: number } | null>(null);
  const ref = useMergedRef(sizeRef, element);
  const box = { width, height };
  const pixelRatio = window.devicePixelRatio;
  const placement = width > 0 && height > 0 ? place(viewport, picture, box, pixelRatio) : null;
  const zoom = placement?.zoom ?? 1;

  const zoomTo = (to: number, pointer = { x: 0, y: 0 }) =>
    setViewport((old) => zoomAt(old, to, pointer, picture, box, pixelRatio));

  const onWheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    const over = (event.target as Element).closest('[data-pane]') ?? element.current!;
    const rect = over.getBoundingClientRect();
    const pointer = {
      x: event.clientX - rect.left - rect.width / 2,
      y: event.clientY - rect.top - rect.height / 2,
    };
    zoomTo(zoom * 2 ** (-event.deltaY / WHEEL_PER_DOUBLING), pointer);
  });

  useEffect(() => {
    const listeners = new AbortController();
    // React listens passively, which would let the page scroll.
    element.current?.addEventListener('wheel', onWheel, { passive: false, signal: listeners.signal });
    return () => listeners.abort();
  }, []);

  return {
    ref,
    /** Size of one pane in CSS pixels. */
    pane: box,
    placement,
    zoom,
    fits: viewport.zoom === 'fit',
    zoomTo,
    showAll: () => setViewport(FIT),
    /** Moves what is seen by shares of the pane. */
    look: (right: number, down: number) =>
      setViewport((old) => pan(old, { x: -right * width, y: -down * height }, picture, box, pixelRatio)),
    /** Spread on what is dragged to pan. */
    dragging: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        const onDivider = (event.target as Element).closest('[role="slider"]') !== null;
        if (viewport.zoom === 'fit' || event.button !== 0 || onDivider) return;
        dragStart.current = { viewport, x: event.clientX, y: event.clientY };
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        const start = dragStart.current;
        if (start === null || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const by = { x: event.clientX - start.x, y: event.clientY - start.y };
        setViewport(pan(start.viewport, by, picture, box, pixelRatio));
      },
    },
  };
}
