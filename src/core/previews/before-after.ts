import sharp, { type OverlayOptions } from 'sharp';
import { levelSize, type PixelRegion, type PixelSize, readRegion } from '../photo/pyramid.ts';
import type { PyramidCache } from './pyramid-cache.ts';
import { readAsLarge } from './same-size.ts';

/** Longest side of each of the two pictures: enough for any screen, small enough to be sent. */
const MAX_SIDE = 2048;
/** Space between the two, in shares of their longest side. */
const GAP = 0.008;
/** A part wider than this is put above the other, not beside it. */
const WIDE = 1.5;

/** A part of a picture, in shares of its width and height. */
export interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What goes into one picture. */
export interface BeforeAfter {
  /** Absolute paths. The first may be smaller or larger than the second by a power of two. */
  readonly before: string;
  readonly after: string;
  /** The part of both that is shown. */
  readonly part: Part;
  readonly labels: { readonly before: string; readonly after: string };
  /** XMP packet of the picture. */
  readonly xmp: string;
}

/**
 * Before and after in one JPEG, beside each other or above each other, with labels: sRGB, without the photo's EXIF
 * (whoever shares a picture does not mean to share where it was taken).
 *
 * @throws RasrError as `PyramidCache.read`
 */
export async function beforeAfterPicture(
  cache: PyramidCache,
  { before, after, part, labels, xmp }: BeforeAfter,
): Promise<Buffer> {
  const cut = await cache.read(after, async (pyramid) => {
    const whole = (await levelSize(pyramid, 0))!;
    const level = levelFor(whole, part);
    const region = regionOf((await levelSize(pyramid, level))!, part);
    return { whole, level, region, data: await readRegion(pyramid, level, region) };
  });
  const { whole, level, region, data } = cut;
  const other = await cache.read(before, (pyramid) => readAsLarge(pyramid, whole, level, region));
  const { width, height } = region;
  const gap = Math.max(2, Math.round(Math.max(width, height) * GAP));
  const stacked = width > WIDE * height;
  const second = stacked ? { left: 0, top: height + gap } : { left: width + gap, top: 0 };
  const raw = { width, height, channels: 3 } as const;
  const layers: OverlayOptions[] = [
    { input: Buffer.from(other.buffer, other.byteOffset, other.byteLength), raw, left: 0, top: 0 },
    { input: Buffer.from(data.buffer, data.byteOffset, data.byteLength), raw, ...second },
    { input: label(labels.before, region), left: 0, top: 0 },
    { input: label(labels.after, region), ...second },
  ];
  return sharp({
    create: {
      width: stacked ? width : 2 * width + gap,
      height: stacked ? 2 * height + gap : height,
      channels: 3,
      background: 'white',
    },
  })
    .composite(layers)
    .jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
    .withXmp(xmp)
    .toBuffer();
}

/** Halvings after which a part is no longer than {@link MAX_SIDE}. */
function levelFor(whole: PixelSize, part: Part): number {
  const longest = Math.max(whole.width * part.width, whole.height * part.height);
  return Math.max(0, Math.ceil(Math.log2(longest / MAX_SIDE)));
}

/** A part in whole pixels, at least one, within the picture. */
function regionOf(size: PixelSize, part: Part): PixelRegion {
  const left = Math.min(Math.round(part.left * size.width), size.width - 1);
  const top = Math.min(Math.round(part.top * size.height), size.height - 1);
  return {
    left,
    top,
    width: Math.min(Math.max(Math.round(part.width * size.width), 1), size.width - left),
    height: Math.min(Math.max(Math.round(part.height * size.height), 1), size.height - top),
  };
}

/** A label in the upper left corner of a picture, as large as the picture allows; cut off where it is too long. */
function label(text: string, { width, height }: PixelSize): Buffer {
  const size = Math.max(10, Math.round(Math.min(width, height) * 0.035));
  const room = Math.floor((width - 2 * size) / (size * 0.58));
  const shown = text.length > room ? `${text.slice(0, Math.max(room - 1, 1))}…` : text;
  const wide = Math.min(width - size, Math.round(size * (1.4 + 0.58 * shown.length)));
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
      <rect x="${size / 2}" y="${size / 2}" width="${wide}" height="${size * 1.7}" rx="${size * 0.85}" fill="#000" fill-opacity="0.65"/>
      <text x="${size / 2 + wide / 2}" y="${size * 1.7}" font-family="sans-serif" font-weight="600" font-size="${size}"
        fill="#fff" text-anchor="middle">${escapeXml(shown)}</text>
    </svg>`,
  );
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
