import { useEffect, useEffectEvent, useState } from 'react';
import { actionOf, type KeyAction } from './compare-keys.ts';

/** Where keys mean something else: text is typed there, or a choice is open. */
const OWN_KEYS = [
  'input:not([type="radio"])',
  'textarea',
  'select',
  '[role="dialog"]',
  '[role="menu"]',
  '[role="listbox"]',
].join();
/** Buttons of the picture list keep their arrows, but Space over them still shows "before". */
const OWN_ARROWS = ['[data-job]', '[role="slider"]', '[role="radiogroup"]'].join();
const OWN_SPACE = ['button:not([data-job])', 'a', '[role="combobox"]', '[role="radiogroup"]'].join();

type Told = Exclude<KeyAction, { kind: 'hold' }>;

/**
 * Keys of the compare view, wherever the focus is, unless they mean something else there.
 *
 * @param onAction receives what a key asks for; `fine` where Shift is held
 * @returns whether Space is held
 */
export function useCompareKeys(onAction: (action: Told, fine: boolean) => void): boolean {
  const [holding, setHolding] = useState(false);

  const down = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target as Element;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest(OWN_KEYS)) return;
    const action = actionOf(event.key);
    if (action === undefined) return;
    if (action.kind === 'hold') {
      if (target.closest(OWN_SPACE)) return;
      event.preventDefault();
      setHolding(true);
      return;
    }
    if (action.kind === 'move') {
      if (target.closest(OWN_ARROWS)) return;
      event.preventDefault();
    }
    onAction(action, event.shiftKey);
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
