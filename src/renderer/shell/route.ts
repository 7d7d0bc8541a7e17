/** Where the window is. */
export type Route =
  | { readonly view: 'restore'; readonly job: string | null }
  | { readonly view: 'galleries' }
  | { readonly view: 'gallery'; readonly id: number }
  | { readonly view: 'models' }
  | { readonly view: 'settings' };

/** A place as it stands in the address after `#`, so that reload, back and forward work. */
export function toHash(route: Route): string {
  switch (route.view) {
    case 'restore':
      return route.job === null ? '#/restore' : `#/restore/${route.job}`;
    case 'gallery':
      return `#/galleries/${route.id}`;
    default:
      return `#/${route.view}`;
  }
}

/** The place an address names; an unknown one is the restore view. */
export function fromHash(hash: string): Route {
  const [, view, id] = hash.split('/');
  if (view === 'galleries' && id !== undefined && /^[1-9]\d*$/.test(id)) {
    return { view: 'gallery', id: Number(id) };
  }
  if (view === 'galleries' || view === 'models' || view === 'settings') return { view };
  return { view: 'restore', job: view === 'restore' && id !== undefined ? id : null };
}
