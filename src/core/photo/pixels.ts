import sharp, { type Sharp } from 'sharp';
import { asPhotoError, open } from './decode.ts';
import { type Photo, sampleMaximum } from './photo.ts';

/** One channel, 8 bit: width × height samples. */
export interface GreyImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Interleaved sRGB, 8 bit: width × height × 3 samples. */
export interface RgbImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A photo's luma, the longer side at most `side` pixels. */
export async function greyOf({ data, width, height }: Photo, side: number): Promise<GreyImage> {
  const luma = new Uint8Array(width * height);
  const scale = 255 / sampleMaximum(data);
  for (let i = 0; i < luma.length; i++) {
    luma[i] = (0.299 * data[i * 3]! + 0.587 * data[i * 3 + 1]! + 0.114 * data[i * 3 + 2]!) * scale;
  }
  return shrunkGrey(sharp(luma, { raw: { width, height, channels: 1 } }), side);
}

/**
 * Reads an image file as luma, upright, the longer side at most `side` pixels.
 *
 * @throws RasrError as `decodePhoto`
 */
export async function readGrey(file: string, side: number): Promise<GreyImage> {
  return upright(file)
    .then((image) => shrunkGrey(image, side))
    .catch((error: unknown) => {
      throw asPhotoError(file, error);
    });
}

/**
 * Reads an image file as sRGB, upright and resized.
 *
 * @throws RasrError as `decodePhoto`
 */
export async function readRgb(file: string, width: number, height: number): Promise<RgbImage> {
  const data = await upright(file)
    .then((image) =>
      image
        .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
        .toColourspace('srgb')
        .raw({ depth: 'uchar' })
        .toBuffer(),
    )
    .catch((error: unknown) => {
      throw asPhotoError(file, error);
    });
  return { data, width, height };
}

/** Luma of sRGB samples. */
export function toGrey({ data, width, height }: RgbImage): GreyImage {
  const luma = new Uint8Array(width * height);
  for (let i = 0; i < luma.length; i++) {
    luma[i] = 0.299 * data[i * 3]! + 0.587 * data[i * 3 + 1]! + 0.114 * data[i * 3 + 2]!;
  }
  return { data: luma, width, height };
}

async function upright(file: string): Promise<Sharp> {
  return (await open(file)).autoOrient().flatten({ background: 'white' });
}

async function shrunkGrey(image: Sharp, side: number): Promise<GreyImage> {
  const { data, info } = await image
    .resize(side, side, { fit: 'inside', withoutEnlargement: true, kernel: 'lanczos3' })
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
