/** A file that did not become a reference, and why. */
export interface ImportRefusal {
  readonly name: string;
  readonly message: string;
  readonly remedy: string;
}

/** An import into one gallery, running or ended. */
export interface ImportState {
  readonly total: number;
  readonly added: number;
  readonly duplicates: number;
  readonly refused: readonly ImportRefusal[];
}

/** What one portion of files came to. */
export type ImportResults = Omit<ImportState, 'total'>;

export type ImportAction =
  | { readonly kind: 'begun'; readonly galleryId: number; readonly files: number }
  | { readonly kind: 'portion'; readonly galleryId: number; readonly results: ImportResults }
  | { readonly kind: 'dismissed'; readonly galleryId: number };

/** Imports by gallery. */
export type ImportsState = Readonly<Record<number, ImportState>>;

const NOTHING: ImportState = { total: 0, added: 0, duplicates: 0, refused: [] };

/** How many files of an import are through. */
export function importDone({ added, duplicates, refused }: ImportState): number {
  return added + duplicates + refused.length;
}

/** What an import came to, in words. */
export function importSummary({ added, duplicates, refused }: ImportState): string {
  const parts = [
    added > 0 ? `${added} added` : '',
    duplicates > 0 ? `${duplicates} already there` : '',
    refused.length > 0 ? `${refused.length} not added` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Files dropped while an import runs join it; after it has ended they begin a new one. */
export function reduceImports(state: ImportsState, action: ImportAction): ImportsState {
  const { galleryId } = action;
  const { [galleryId]: known = NOTHING, ...others } = state;
  switch (action.kind) {
    case 'begun': {
      const current = importDone(known) < known.total ? known : NOTHING;
      return { ...state, [galleryId]: { ...current, total: current.total + action.files } };
    }
    case 'portion': {
      const { added, duplicates, refused } = action.results;
      return {
        ...state,
        [galleryId]: {
          total: known.total,
          added: known.added + added,
          duplicates: known.duplicates + duplicates,
          refused: [...known.refused, ...refused],
        },
      };
    }
    case 'dismissed':
      return others;
  }
}
