import type { ReferenceFilter } from './statistics-dialog.tsx';

/** What the statistics of a gallery in the list ask its view to show when it opens. */
let handedOn: { readonly galleryId: number; readonly filter: ReferenceFilter } | null = null;

export function handOnFilter(galleryId: number, filter: ReferenceFilter): void {
  handedOn = { galleryId, filter };
}

/** The filter that was handed on to a gallery's view; read more than once where React renders twice. */
export function takeFilter(galleryId: number): ReferenceFilter | null {
  const filter = handedOn?.galleryId === galleryId ? handedOn.filter : null;
  queueMicrotask(() => {
    handedOn = null;
  });
  return filter;
}
