import { stat } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { fromSystemError, RasrError } from '../errors.ts';
import { IMAGE_FORMATS, type ImageFormat, READABLE_FORMATS } from './formats.ts';
import { heicAsPng, isHeic } from './heic.ts';
import { type Photo, type Samples, samplesLike } from './photo.ts';

/** Pixels a file may claim before we refuse to decode it: 150 megapixels is beyond any phone. */
export const MAX_INPUT_PIXELS = 150_000_000;

/** Output pixels above which we refuse before starting: the encoders need all of them in memory. */
export const MAX_OUTPUT_PIXELS = 400_000_000;

const LIMITS = { failOn: 'error', limitInputPixels: MAX_INPUT_PIXELS } as const;

/** What a file's header says, before any pixel is decoded. Sides are in pixels after orientation. */
export interface PhotoHeader {
  /** The format an output keeps: the file's own, and JPEG for HEIC, which is read and not written. */
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
  readonly metadata: Metadata;
}

/**
 * Reads and checks a photo's header.
 *
 * @param bytes the file's content, where that is in memory already
 * @throws RasrError `FILE_MISSING`, `FILE_UNREADABLE`, `NOT_AN_IMAGE`, `IMAGE_UNSUPPORTED`, `IMAGE_TOO_LARGE`
 */
export async function readPhotoHeader(file: string, bytes?: Buffer): Promise<PhotoHeader> {
  if ((bytes?.length ?? (await sizeOfFile(file))) === 0) {
    throw new RasrError('NOT_AN_IMAGE', `${file} is empty.`, 'Copy the photo from its source again.');
  }
  const metadata = await sharp(bytes ?? file, LIMITS)
    .metadata()
    .catch((error: unknown) => {
      throw asPhotoError(file, error);
    });
  const format = formatOf(metadata, file);
  const { width, height } = metadata.autoOrient;
  if (width * height > MAX_INPUT_PIXELS) throw tooLarge(file, width, height);
  return { format, width, height, metadata };
}

async function sizeOfFile(file: string): Promise<number> {
  const info = await stat(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  if (info.isDirectory()) throw new RasrError('NOT_AN_IMAGE', `${file} is a folder.`, 'Name an image file.');
  return info.size;
}

/**
 * Decodes a photo once: orientation applied, colour channels expanded to RGB, 16 bit kept.
 *
 * @throws RasrError as {@link readPhotoHeader}, and `IMAGE_DAMAGED` for truncated or broken data
 */
export async function decodePhoto(file: string): Promise<Photo> {
  const { format, metadata } = await readPhotoHeader(file);
  const colour = workingColour(metadata);
  const wide = metadata.depth === 'ushort';
  const { data, info } = await open(file, colour === 'embedded')
    .then((image) =>
      image
        .autoOrient()
        .toColourspace(wide ? 'rgb16' : 'srgb')
        .raw({ depth: wide ? 'ushort' : 'uchar' })
        .toBuffer({ resolveWithObject: true }),
    )
    .catch((error: unknown) => {
      throw asPhotoError(file, error);
    });
  const samples = wide
    ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const { colours, alpha } = splitAlpha(samples, info.width * info.height, info.channels);
  return {
    file,
    format,
    width: info.width,
    height: info.height,
    data: colours,
    alpha,
    colour,
    xmp: metadata.xmp?.toString('utf8') ?? null,
  };
}

/**
 * A sharp pipeline on a file with our limits: truncated data and decompression bombs are errors, stray bytes that harm no
 * pixel are not. HEIC, which sharp does not decode, is converted first.
 */
export async function open(file: string, ignoreIcc = false): Promise<Sharp> {
  const source = (await isHeic(file)) ? await heicAsPng(file, MAX_INPUT_PIXELS) : file;
  return sharp(source, { ...LIMITS, ignoreIcc });
}

/** As {@link open}, for showing: outputs may be larger than photos. */
export async function openToShow(file: string): Promise<Sharp> {
  const source = (await isHeic(file)) ? await heicAsPng(file, MAX_INPUT_PIXELS) : file;
  return sharp(source, { ...LIMITS, limitInputPixels: MAX_OUTPUT_PIXELS });
}

/** The format of a picture to be shown or saved, as its header says. @throws RasrError as {@link readPhotoHeader} */
export async function readFormat(file: string): Promise<ImageFormat> {
  try {
    return formatOf(await sharp(file, { ...LIMITS, limitInputPixels: MAX_OUTPUT_PIXELS }).metadata(), file);
  } catch (error) {
    throw asPhotoError(file, error);
  }
}

/** A sharp pipeline, with our limits, on the bytes of a file of a kind that sharp decodes. */
export function openBytes(bytes: Buffer): Sharp {
  return sharp(bytes, LIMITS);
}

/** libvips' and Node's messages in our words. */
export function asPhotoError(file: string, error: unknown): RasrError {
  if (error instanceof RasrError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/exceeds pixel limit/i.test(message)) return tooLarge(file);
  if (/unsupported image format|bad seek|not in a known format/i.test(message)) {
    return new RasrError(
      'NOT_AN_IMAGE',
      `${file} is not an image we can read.`,
      `Use one of ${READABLE_FORMATS}; export others (RAW) as JPEG or TIFF first.`,
      { cause: error },
    );
  }
  const system = fromSystemError(error, file);
  if (system !== undefined) return unreadable(file, error);
  if (/input file is missing|no such file/i.test(message)) return missing(file, error);
  if (/permission denied/i.test(message)) return unreadable(file, error);
  return new RasrError(
    'IMAGE_DAMAGED',
    `${file} is damaged or incomplete (${message.split('\n')[0]}).`,
    'Copy the photo from its source again.',
    { cause: error },
  );
}

/**
 * RGB photos stay in the space of their own profile, which is written back: a Display P3 photo keeps
 * its gamut. CMYK and grey are converted to sRGB.
 */
function workingColour(metadata: Metadata): Photo['colour'] {
  const rgb = metadata.space === 'srgb' || metadata.space === 'rgb16' || metadata.space === 'rgb';
  return metadata.hasProfile && rgb && metadata.channels >= 3 ? 'embedded' : 'srgb';
}

/** What a picture in a HEIF file is written as, by how it is compressed. */
const HEIF_FORMATS: Readonly<Record<string, ImageFormat>> = { av1: 'avif', hevc: 'jpeg' };

function formatOf(metadata: Metadata, file: string): ImageFormat {
  const name = metadata.format === 'heif' ? HEIF_FORMATS[metadata.compression ?? ''] : metadata.format;
  const format = IMAGE_FORMATS.find((candidate) => candidate === name);
  if (format === undefined) {
    throw new RasrError(
      'IMAGE_UNSUPPORTED',
      `${file} is a ${metadata.format?.toUpperCase()} file, which cannot be restored yet.`,
      `Export it as one of ${IMAGE_FORMATS.join(', ')} first.`,
    );
  }
  return format;
}

function splitAlpha(
  samples: Samples,
  pixels: number,
  channels: number,
): { colours: Samples; alpha: Samples | null } {
  if (channels === 3) return { colours: samples, alpha: null };
  const colours = samplesLike(samples, pixels * 3);
  const alpha = samplesLike(samples, pixels);
  for (let i = 0; i < pixels; i++) {
    colours[i * 3] = samples[i * channels]!;
    colours[i * 3 + 1] = samples[i * channels + 1]!;
    colours[i * 3 + 2] = samples[i * channels + 2]!;
    alpha[i] = samples[i * channels + 3]!;
  }
  return { colours, alpha };
}

function tooLarge(file: string, width?: number, height?: number): RasrError {
  const claimed = width === undefined ? 'more' : `${width} × ${height}`;
  return new RasrError(
    'IMAGE_TOO_LARGE',
    `${file} claims ${claimed} pixels; the limit is ${MAX_INPUT_PIXELS / 1e6} megapixels.`,
    'Check that the file is what it says, or make it smaller first.',
  );
}

function missing(file: string, cause: unknown): RasrError {
  return new RasrError('FILE_MISSING', `${file}: there is no such file.`, 'Check the path.', { cause });
}

function unreadable(file: string, error: unknown): RasrError {
  const system = fromSystemError(error, file);
  if (system?.code === 'FILE_MISSING') return system;
  return new RasrError('FILE_UNREADABLE', `${file} cannot be read.`, 'Check its permissions.', {
    cause: error,
  });
}
