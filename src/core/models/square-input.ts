import { asPhotoError, open } from '../photo/decode.ts';
import type { FloatTensor } from './session.ts';

/** How a network wants its square RGB input. */
export interface SquareInput {
  /** Side in pixels. */
  readonly size: number;
  /** `cover`: shorter side to `size`, centre cropped; `fill`: squeezed. */
  readonly fit: 'cover' | 'fill';
  readonly mean?: readonly [number, number, number];
  readonly std?: readonly [number, number, number];
}

/**
 * Reads image files into one batch [N,3,size,size] of sRGB, 0…1, less `mean`, over `std`.
 *
 * @throws RasrError as `decodePhoto`
 */
export async function readSquareBatch(files: readonly string[], input: SquareInput): Promise<FloatTensor> {
  const { size } = input;
  const plane = size * size;
  const data = new Float32Array(files.length * 3 * plane);
  const images = await Promise.all(files.map((file) => readSquare(file, input)));
  images.forEach((pixels, n) => {
    for (let channel = 0; channel < 3; channel++) {
      const mean = input.mean?.[channel] ?? 0;
      const std = input.std?.[channel] ?? 1;
      const offset = (n * 3 + channel) * plane;
      for (let i = 0; i < plane; i++) data[offset + i] = (pixels[i * 3 + channel]! / 255 - mean) / std;
    }
  });
  return { data, dims: [files.length, 3, size, size] };
}

async function readSquare(file: string, { size, fit }: SquareInput): Promise<Uint8Array> {
  return open(file)
    .autoOrient()
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .resize(size, size, { fit, kernel: 'cubic' })
    .raw({ depth: 'uchar' })
    .toBuffer()
    .catch((error: unknown) => {
      throw asPhotoError(file, error);
    });
}
