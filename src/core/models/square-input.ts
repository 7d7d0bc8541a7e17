import sharp, { type Region, type Sharp } from 'sharp';
import { asPhotoError, open, readPhotoHeader } from '../photo/decode.ts';
import type { RgbImage } from '../photo/pixels.ts';
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

/** Pixels; or an image file, and which central share of its sides is looked at: 1 is all of it. */
export type SquareSource = RgbImage | { readonly file: string; readonly share: number };

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

async function readSquare(source: SquareSource, input: SquareInput): Promise<Uint8Array> {
  if ('data' in source) {
    const { data, width, height } = source;
    return squareOf(sharp(data, { raw: { width, height, channels: 3 } }), input);
  }
  const { file, share } = source;
  try {
    const upright = (await open(file)).autoOrient();
    const seen = share < 1 ? upright.extract(await centre(file, share)) : upright;
    return await squareOf(seen.flatten({ background: 'white' }).toColourspace('srgb'), input);
  } catch (error) {
    throw asPhotoError(file, error);
  }
}

function squareOf(opaque: Sharp, { size, fit, resize }: SquareInput): Promise<Uint8Array> {
  return resize === undefined
    ? opaque.resize(size, size, { fit, kernel: 'cubic' }).raw({ depth: 'uchar' }).toBuffer()
    : cropCentre(opaque, resize, size);
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
