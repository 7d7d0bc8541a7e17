import { useEffect, useEffectEvent, useState } from 'react';

interface CompareKeys {
  /** Moves the slider by per cent. */
  readonly onMove: (by: number) => void;
  readonly onToggleZoom: () => void;
  readonly onToggleWeightMap: () => void;
}

/** Where keys mean something else: text is typed there, or a choice is open. */
const OWN_KEYS =
  'input, textarea, select, [role="dialog"], [role="menu"], [role="listbox"], [role="radiogroup"]';
/** Buttons of the picture list keep their arrows, but Space over them still shows "before". */
const OWN_ARROWS = '[data-job], [role="slider"]';
const OWN_SPACE = 'button:not([data-job]), a, [role="combobox"]';

/**
 * Keys of the compare view: arrows move the slider (with Shift finely), holding Space shows "before",
 * Z switches between fit and 100 %, R shows and hides where the result came from the reference.
 *
 * @returns whether Space is held
 */
export function useCompareKeys({ onMove, onToggleZoom, onToggleWeightMap }: CompareKeys): boolean {
  const [holding, setHolding] = useState(false);

  const down = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target as Element;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest(OWN_KEYS)) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === ' ' && !target.closest(OWN_SPACE)) {
      event.preventDefault();
      setHolding(true);
    } else if (step !== undefined && !target.closest(OWN_ARROWS)) {
      event.preventDefault();
      onMove(event.shiftKey ? step : step * 5);
    } else if (event.key.toLowerCase() === 'z') {
      onToggleZoom();
    } else if (event.key.toLowerCase() === 'r') {
      onToggleWeightMap();
    }
  });

  const up = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== ' ' || !holding) return;
    // A focused thumbnail would take the release for a click.
    event.preventDefault();
    setHolding(false);
  });

  useEffect(() => {
    const listeners = new AbortController();
    const { signal } = listeners;
    window.addEventListener('keydown', down, { signal });
    window.addEventListener('keyup', up, { signal });
    // Leaving the window with Space held: its release is never heard.
    window.addEventListener('blur', () => setHolding(false), { signal });
    return () => listeners.abort();
  }, []);

  return holding;
}
