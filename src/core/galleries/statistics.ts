import type { Library } from '../library/library.ts';

/** Lower bounds of the classes of size: the longer side of the stored picture in pixels, which is 2048 at most. */
const SIDE_CLASSES = [0, 512, 1024, 1536, 2048] as const;
/** Lower bounds of the classes of sharpness. */
const SHARPNESS_CLASSES = [0, 0.5, 0.6, 0.7] as const;

/** How many references have at least `from`, and less than the next class. */
export interface Class {
  readonly from: number;
  readonly count: number;
}

/** Figures of a gallery. */
export interface GalleryStatistics {
  readonly references: number;
  /** By the longer side of the stored picture in pixels. */
  readonly sides: readonly Class[];
  /** By sharpness; those never measured are in none. */
  readonly sharpness: readonly Class[];
  /** Sum over all references. */
  readonly megapixels: number;
}

export function galleryStatistics({ database }: Library, galleryId: number): GalleryStatistics {
  const pictures = database
    .prepare<[number], { width: number; height: number; sharpness: number | null }>(
      'SELECT width, height, sharpness FROM reference JOIN image USING (sha256) WHERE gallery_id = ?',
    )
    .all(galleryId);
  const sides = pictures.map(({ width, height }) => Math.max(width, height));
  const measured = pictures.flatMap(({ sharpness }) => (sharpness === null ? [] : [sharpness]));
  return {
    references: pictures.length,
    sides: counts(sides, SIDE_CLASSES),
    sharpness: counts(measured, SHARPNESS_CLASSES),
    megapixels: pictures.reduce((sum, { width, height }) => sum + width * height, 0) / 1e6,
  };
}

function counts(values: readonly number[], classes: readonly number[]): Class[] {
  return classes.map((from, n) => {
    const below = classes[n + 1] ?? Number.POSITIVE_INFINITY;
    return { from, count: values.filter((value) => value >= from && value < below).length };
  });
}
