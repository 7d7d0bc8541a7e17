/** Files that belong to one gallery. */
export interface GalleryFiles<Item> {
  readonly gallery: string;
  readonly files: readonly Item[];
}

/**
 * Sorts files into galleries as `rasr gallery import` does: a folder's direct subfolders are galleries by
 * their own names, files directly in it go to a gallery of its name. Files in no folder belong to none.
 */
export function foldersAsGalleries<Item extends { readonly folders: readonly string[] }>(
  given: readonly Item[],
): GalleryFiles<Item>[] {
  const galleries = Map.groupBy(given, ({ folders }) => folders[1] ?? folders[0]);
  return [...galleries].flatMap(([gallery, files]) => (gallery === undefined ? [] : [{ gallery, files }]));
}
