const DRAG_EVENTS = ['dragenter', 'dragover', 'dragleave', 'drop'] as const;

/**
 * Keeps the window from taking in what is being dragged out of it, until that drag is over: the system tells of it
 * as of any file from elsewhere.
 */
export function ignoreOwnDrag(): void {
  const over = new AbortController();
  const options = { capture: true, signal: over.signal };
  for (const type of DRAG_EVENTS) {
    window.addEventListener(type, (event) => event.stopImmediatePropagation(), options);
  }
  // While the system drags there are no pointer events; the first without a button pressed says that it is over.
  window.addEventListener('pointermove', ({ buttons }) => buttons === 0 && over.abort(), options);
}
