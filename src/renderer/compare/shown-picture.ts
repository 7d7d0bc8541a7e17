import type { DoneJob } from './done-job.ts';
import type { Size } from './viewport.ts';

/** A picture the compare view shows in tiles. */
export interface ShownPicture {
  readonly kind: 'photo' | 'result' | 'difference';
  /** The photo's id, or the result's job. */
  readonly id: string;
  /** The job whose result a difference is to; undefined for its own photo. */
  readonly against?: string;
  /** Its own pixels. */
  readonly size: Size;
}

export function shownResult({ id, record: { output } }: DoneJob): ShownPicture {
  return { kind: 'result', id, size: output };
}

/** The photo a job was made from. */
export function shownPhoto({ photoId, record: { photo } }: DoneJob): ShownPicture {
  return { kind: 'photo', id: photoId, size: photo };
}

/** How much a result differs from another one, or from its photo. */
export function shownDifference({ id, record: { output } }: DoneJob, before: DoneJob | null): ShownPicture {
  const difference = { kind: 'difference', id, size: output } as const;
  return before === null ? difference : { ...difference, against: before.id };
}

/** Longest side of the copies that are made for the screen. */
const COPY_SIDE = 2560;

/**
 * Whether a picture is looked at so closely that its copy for the screen has too few pixels, or not its own.
 *
 * @param shown width of the whole picture, in pixels of the screen
 */
export function needsTiles({ width, height }: Size, shown: number): boolean {
  const copied = width * Math.min(1, COPY_SIDE / Math.max(width, height));
  return shown >= width || shown > copied;
}
