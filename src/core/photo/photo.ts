import type { ImageFormat } from './formats.ts';

/** Interleaved samples: 8-bit images as bytes, 16-bit images as words. */
export type Samples = Uint8Array | Uint16Array;

/**
 * A decoded photo: orientation applied, three colour channels, pixels interleaved RGB.
 * `data` has width × height × 3 samples in `colour`'s space, `alpha` width × height or null.
 */
export interface Photo {
  readonly file: string;
  readonly format: ImageFormat;
  /** Pixels, after orientation. */
  readonly width: number;
  readonly height: number;
  readonly data: Samples;
  readonly alpha: Samples | null;
  /**
   * `embedded`: samples are in the space of the profile embedded in the file, which is written back
   * untouched; `srgb`: everything else, converted if need be.
   */
  readonly colour: 'embedded' | 'srgb';
  /** The file's own XMP packet, or null. */
  readonly xmp: string | null;
}

/** The largest sample value: 255 or 65,535. */
export function sampleMaximum(samples: Samples): number {
  return samples instanceof Uint16Array ? 65_535 : 255;
}

/** Zeroed samples of the same depth. */
export function samplesLike(samples: Samples, length: number): Samples {
  return samples instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
}
