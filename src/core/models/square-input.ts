import type { Region } from 'sharp';
import { asPhotoError, open, readPhotoHeader } from '../photo/decode.ts';
import { cropCentre } from './centre-crop.ts';
import type { FloatTensor } from './tensor.ts';

/** How a network wants its square RGB input. */
export interface SquareInput {
  /** Side in pixels. */
  readonly size: number;
  /** `cover`: shorter side to `size`, centre cropped; `fill`: squeezed. */
  readonly fit: 'cover' | 'fill';
  /** With `cover`: shorter side to this, then the centre cropped to `size`. */
  readonly resize?: number | undefined;
  readonly mean?: readonly [number, number, number];
  readonly std?: readonly [number, number, number];
}

/** An image file, and which central share of its sides is looked at: 1 is all of it. */
export interface SquareSource {
  readonly file: string;
  readonly share: number;
}

/**
 * Reads images into one batch [N,3,size,size] of sRGB, 0…1, less `mean`, over `std`.
 *
 * @throws RasrError as `decodePhoto`
 */
export async function readSquareBatch(
  sources: readonly SquareSource[],
  input: SquareInput,
): Promise<FloatTensor> {
  const { size } = input;
  const plane = size * size;
  const data = new Float32Array(sources.length * 3 * plane);
  const images = await Promise.all(sources.map((source) => readSquare(source, input)));
  images.forEach((pixels, n) => {
    for (let channel = 0; channel < 3; channel++) {
      const mean = input.mean?.[channel] ?? 0;
      const std = input.std?.[channel] ?? 1;
      const offset = (n * 3 + channel) * plane;
      for (let i = 0; i < plane; i++) data[offset + i] = (pixels[i * 3 + channel]! / 255 - mean) / std;
    }
  });
  return { data, dims: [sources.length, 3, size, size] };
}

async function readSquare({ file, share }: SquareSource, input: SquareInput): Promise<Uint8Array> {
  const { size, fit, resize } = input;
  try {
    const upright = (await open(file)).autoOrient();
    const seen = share < 1 ? upright.extract(await centre(file, share)) : upright;
    const opaque = seen.flatten({ background: 'white' }).toColourspace('srgb');
    return resize === undefined
      ? await opaque.resize(size, size, { fit, kernel: 'cubic' }).raw({ depth: 'uchar' }).toBuffer()
      : await cropCentre(opaque, resize, size);
  } catch (error) {
    throw asPhotoError(file, error);
  }
}

async function centre(file: string, share: number): Promise<Region> {
  const header = await readPhotoHeader(file);
  const width = Math.max(1, Math.round(header.width * share));
  const height = Math.max(1, Math.round(header.height * share));
  return {
    left: Math.trunc((header.width - width) / 2),
    top: Math.trunc((header.height - height) / 2),
    width,
    height,
  };
}
