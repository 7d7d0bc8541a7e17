import { useElementSize, useMergedRef } from '@mantine/hooks';
import { type PointerEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { FIT, pan, place, type Size, type Viewport, zoomAt } from './viewport.ts';

/** Wheel travel that doubles the zoom. */
const WHEEL_PER_DOUBLING = 240;

/** Zoom and pan of a picture within a box that fills the space there is. */
export function useViewport(picture: Size) {
  const [viewport, setViewport] = useState<Viewport>(FIT);
  const { ref: sizeRef, width, height } = useElementSize<HTMLDivElement>();
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
    const { left, top } = element.current!.getBoundingClientRect();
    const pointer = { x: event.clientX - left - width / 2, y: event.clientY - top - height / 2 };
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
    placement,
    zoom,
    fits: viewport.zoom === 'fit',
    zoomTo,
    showAll: () => setViewport(FIT),
    /** Spread on what is dragged to pan. */
    dragging: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        if (viewport.zoom === 'fit' || event.button !== 0) return;
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
