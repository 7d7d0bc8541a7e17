import { open as openFile, readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { WorkerThread } from '../threads/worker-thread.ts';
import { uprightExif, withPngChunks } from './png-chunks.ts';

/** What the thread is asked: the bytes of a HEIC file. */
export interface HeicRequest {
  readonly bytes: Uint8Array;
}

/** Upright RGBA, 8 bit. */
export interface HeicPixels {
  readonly kind: 'pixels';
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Converted files are kept: a photo is read for its embedding, its thumbnail, its pixels and its metadata in turn. */
const KEPT = 3;
const converted = new Map<string, Promise<Buffer>>();

/** Whether a file holds an HEVC picture, as iPhones write them: sharp reads its header and not its pixels. */
export async function isHeic(file: string): Promise<boolean> {
  const start = Buffer.alloc(12);
  const handle = await openFile(file);
  try {
    await handle.read(start, 0, start.length, 0);
  } finally {
    await handle.close();
  }
  // AVIF files may be of the same general brand, so the header has the last word.
  if (start.toString('latin1', 4, 8) !== 'ftyp') return false;
  return (await sharp(file).metadata()).compression === 'hevc';
}

/**
 * A HEIC file as a PNG in memory, upright, with its colour profile and EXIF (orientation 1). Its first picture, 8 bit.
 *
 * @throws Error from the file system, sharp or libheif where the file is damaged
 */
export async function heicAsPng(file: string, maxPixels: number): Promise<Buffer> {
  const { mtimeMs, size } = await stat(file);
  const key = `${file}\n${mtimeMs}\n${size}`;
  const known = converted.get(key);
  const png = known ?? convert(file, maxPixels);
  // Last used, last forgotten; failures are not kept.
  converted.delete(key);
  converted.set(key, png);
  png.catch(() => converted.delete(key));
  for (const oldest of [...converted.keys()].slice(0, -KEPT)) converted.delete(oldest);
  return png;
}

async function convert(file: string, maxPixels: number): Promise<Buffer> {
  const bytes = await readFile(file);
  const { icc, exif, hasAlpha } = await sharp(bytes, { limitInputPixels: maxPixels }).metadata();
  const { data, width, height } = await decode(bytes);
  const pixels = sharp(data, { raw: { width, height, channels: 4 } });
  const png = await (hasAlpha ? pixels : pixels.removeAlpha()).png({ compressionLevel: 1 }).toBuffer();
  return withPngChunks(png, icc ?? null, exif === undefined ? null : uprightExif(exif));
}

/** Decoding takes seconds for a phone's photo: not in the thread that answers the window. */
async function decode(bytes: Uint8Array): Promise<HeicPixels> {
  const thread = new WorkerThread<HeicRequest, HeicPixels>(import.meta, 'heic-worker', 'The HEIC decoder');
  try {
    return await thread.ask('pixels', { bytes });
  } finally {
    await thread.end();
  }
}
