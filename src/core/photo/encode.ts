import sharp, { type Sharp } from 'sharp';
import { open } from './decode.ts';
import type { ImageFormat } from './formats.ts';
import type { Photo, Samples } from './photo.ts';

/** Pixels ready to be written: interleaved RGB, and alpha where the photo had it. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Samples;
  readonly alpha: Samples | null;
}

/** Formats that carry transparency and more than eight bits. */
const WITH_ALPHA: ReadonlySet<ImageFormat> = new Set(['png', 'webp', 'tiff', 'avif']);
const WITH_16_BIT: ReadonlySet<ImageFormat> = new Set(['png', 'tiff']);

/**
 * Encodes a restored picture to a file with the original's colour profile and EXIF (orientation 1),
 * and with `xmp` as its XMP packet. Transparency is laid on white, and 16 bit reduced to 8, only
 * where the format has no room for them.
 *
 * @throws Error from sharp or the file system; the caller gives it its subject
 */
export async function encodePicture(
  picture: Picture,
  original: Photo,
  format: ImageFormat,
  xmp: string,
  destination: string,
): Promise<void> {
  const deep = picture.data instanceof Uint16Array && WITH_16_BIT.has(format);
  const fitted = deep ? picture : toEightBit(picture);
  const flat = fitted.alpha !== null && !WITH_ALPHA.has(format) ? layOnWhite(fitted) : fitted;
  const pixels = await withAlpha(await withMetadata(flat, original), flat, original);
  await writer(pixels.withXmp(xmp).toColourspace(deep ? 'rgb16' : 'srgb'), format).toFile(destination);
}

/**
 * sharp can attach neither profile nor EXIF to bare pixels without converting them. So we start from
 * one pixel of the original, which brings both along, set it to zero and OR our pixels onto it, which
 * is exact in 8 and 16 bit.
 */
async function withMetadata(picture: Picture, original: Photo): Promise<Sharp> {
  const { width, height, data } = picture;
  const carrier = (await open(original.file))
    .pipelineColourspace(data instanceof Uint16Array ? 'rgb16' : 'srgb')
    .autoOrient()
    .extract({ left: 0, top: 0, width: 1, height: 1 })
    .resize(width, height, { fit: 'fill', kernel: 'nearest' })
    .flatten()
    .linear(0, 0)
    .boolean(asOperand(data), 'or', { raw: { width, height, channels: 3 } });
  return keepMetadata(carrier, original);
}

function keepMetadata(pipeline: Sharp, original: Photo): Sharp {
  const kept = pipeline.keepExif();
  return original.colour === 'embedded' ? kept.keepIccProfile() : kept;
}

async function withAlpha(pixels: Sharp, picture: Picture, original: Photo): Promise<Sharp> {
  const { alpha, width, height } = picture;
  if (alpha === null) return pixels;
  const deep = alpha instanceof Uint16Array;
  const opaque = await pixels
    .toColourspace(deep ? 'rgb16' : 'srgb')
    .png({ compressionLevel: 0 })
    .toBuffer();
  const joined = sharp(opaque, { limitInputPixels: false }).joinChannel(asOperand(alpha), {
    raw: { width, height, channels: 1 },
  });
  return keepMetadata(joined, original);
}

/** sharp takes typed arrays here and reads the depth off them; its types only admit Buffer. */
function asOperand(samples: Samples): Buffer {
  return samples as unknown as Buffer;
}

function toEightBit(picture: Picture): Picture {
  const reduce = (samples: Samples): Uint8Array =>
    samples instanceof Uint8Array ? samples : Uint8Array.from(samples, (value) => Math.round(value / 257));
  return { ...picture, data: reduce(picture.data), alpha: picture.alpha && reduce(picture.alpha) };
}

function layOnWhite(picture: Picture): Picture {
  const { data, alpha } = picture;
  if (alpha === null) return picture;
  const flat = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const opacity = alpha[Math.trunc(i / 3)]! / 255;
    flat[i] = Math.round(data[i]! * opacity + 255 * (1 - opacity));
  }
  return { ...picture, data: flat, alpha: null };
}

/** Quality settings at which a restored photo shows no new artefacts; sizes stay reasonable. */
function writer(pipeline: Sharp, format: ImageFormat): Sharp {
  switch (format) {
    case 'jpeg':
      return pipeline.jpeg({ quality: 95, chromaSubsampling: '4:4:4' });
    case 'png':
      return pipeline.png({ compressionLevel: 6 });
    case 'webp':
      return pipeline.webp({ quality: 95, smartSubsample: true });
    case 'tiff':
      return pipeline.tiff({ compression: 'deflate', predictor: 'horizontal' });
    case 'avif':
      return pipeline.avif({ quality: 80, chromaSubsampling: '4:4:4' });
  }
}
