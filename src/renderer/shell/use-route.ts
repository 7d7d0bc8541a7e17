import { useSyncExternalStore } from 'react';
import { fromHash, type Route, toHash } from './route.ts';

/** Opens a place. Going from photo to photo replaces the entry: "back" leads to the view before. */
export function go(route: Route): void {
  const hash = toHash(route);
  if (hash === window.location.hash) return;
  const stays = route.view === 'restore' && fromHash(window.location.hash).view === 'restore';
  if (stays) {
    window.history.replaceState(null, '', hash);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    window.location.hash = hash;
  }
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed);
      return () => window.removeEventListener('hashchange', changed);
    },
    () => window.location.hash,
  );
  return fromHash(hash);
}
