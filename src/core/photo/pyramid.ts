import sharp from 'sharp';
import { openToShow } from './decode.ts';

/** Sides of the tiles a picture is shown in, without what they share with their neighbours. */
export const TILE_SIZE = 512;

/** Pixels that a tile shares with each of its neighbours, so that no seam shows where both are scaled. */
const TILE_OVERLAP = 1;

/** A rectangle in whole pixels. */
export interface PixelRegion {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Sides of the blocks in the file: libvips reads no small picture whose blocks are much larger than it is. */
const BLOCK_SIZE = 256;

/** One tile of a pyramid: `level` halvings of the picture, column and row. */
export interface TilePlace {
  readonly level: number;
  readonly x: number;
  readonly y: number;
}

/** Width and height in pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Writes a picture and its halvings, down to one block, as a tiled TIFF: upright, 8-bit sRGB, transparency kept,
 * without loss and without compression, which would take ten times as long to write as all else.
 *
 * @throws Error from libvips; the caller gives it its subject
 */
export async function writePyramid(source: string, destination: string): Promise<void> {
  const image = await openToShow(source);
  await image
    .autoOrient()
    .toColourspace('srgb')
    .tiff({ tile: true, pyramid: true, tileWidth: BLOCK_SIZE, tileHeight: BLOCK_SIZE, compression: 'none' })
    .toFile(destination);
}

/** Bytes that a pyramid of a picture takes, roughly. */
export function pyramidBytes({ width, height }: PixelSize): number {
  return Math.ceil((width * height * 3 * 4) / 3);
}

/** A pyramid's size at a level, or null where it does not reach that far. */
export async function levelSize(pyramid: string, level: number): Promise<PixelSize | null> {
  const { pages = 1 } = await sharp(pyramid, { limitInputPixels: false }).metadata();
  if (level >= pages) return null;
  const { width, height } = await page(pyramid, level).metadata();
  return { width, height };
}

/** Which pixels of a level a tile holds, or null where the level has no such tile. */
export function tileRegion(size: PixelSize, { x, y }: TilePlace): PixelRegion | null {
  const across = tileSpan(size.width, x);
  const down = tileSpan(size.height, y);
  if (across.length <= 0 || down.length <= 0) return null;
  return { left: across.start, top: down.start, width: across.length, height: down.length };
}

function tileSpan(length: number, i: number): { start: number; length: number } {
  const start = i === 0 ? 0 : i * TILE_SIZE - TILE_OVERLAP;
  return { start, length: Math.min(length, (i + 1) * TILE_SIZE + TILE_OVERLAP) - start };
}

/** A region of a level as PNG: lossless, and lightly compressed, since it does not go far. */
export function encodeRegion(pyramid: string, level: number, region: PixelRegion): Promise<Buffer> {
  return page(pyramid, level).extract(region).png({ compressionLevel: 1 }).toBuffer();
}

/** A region of a level as interleaved RGB, laid on white. */
export function readRegion(pyramid: string, level: number, region: PixelRegion): Promise<Uint8Array> {
  return page(pyramid, level)
    .extract(region)
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer();
}

function page(pyramid: string, level: number) {
  return sharp(pyramid, { page: level, limitInputPixels: false });
}
