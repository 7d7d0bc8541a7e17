import { levelSize, type PixelRegion, type PixelSize, readRegion } from '../photo/pyramid.ts';
import { enlargeSamples } from '../restoration/tiles.ts';

/** Pixels around a region that enlarging it looks at. */
const MARGIN = 1;

/**
 * A region of a picture at a level, out of the pyramid of another picture of the same thing, which may be smaller
 * or larger by a power of two. A smaller one is enlarged bilinearly.
 *
 * @param pyramid of the other picture
 * @param whole size of the picture that `level` and `region` are of
 * @returns interleaved 8-bit RGB, laid on white
 */
export async function readAsLarge(
  pyramid: string,
  whole: PixelSize,
  level: number,
  region: PixelRegion,
): Promise<Uint8Array> {
  const own = (await levelSize(pyramid, 0))!;
  const wanted = level + Math.round(Math.log2(own.width / whole.width));
  const readable = Math.max(wanted, 0);
  const factor = 2 ** (readable - wanted);
  const size = (await levelSize(pyramid, readable)) ?? own;
  const [across, down] = [
    smallSpan(region.left, region.width, factor, size.width),
    smallSpan(region.top, region.height, factor, size.height),
  ];
  const small = { left: across.start, top: down.start, width: across.length, height: down.length };
  const enlarged = enlargeRgb(await readRegion(pyramid, readable, small), small, factor);
  return crop(
    enlarged,
    { width: small.width * factor, height: small.height * factor },
    { ...region, left: region.left - small.left * factor, top: region.top - small.top * factor },
  );
}

/** The pixels of a smaller picture that a span of an enlarged one comes from. */
function smallSpan(start: number, length: number, factor: number, available: number) {
  const margin = factor === 1 ? 0 : MARGIN;
  const first = Math.min(Math.max(Math.floor(start / factor) - margin, 0), available - 1);
  const end = Math.min(Math.ceil((start + length) / factor) + margin, available);
  return { start: first, length: Math.max(end - first, 1) };
}

function enlargeRgb(data: Uint8Array, { width, height }: PixelSize, factor: number): Uint8Array {
  if (factor === 1) return data;
  const large = new Uint8Array(data.length * factor * factor);
  for (let channel = 0; channel < 3; channel++) {
    const plane = Uint8Array.from({ length: width * height }, (_, i) => data[i * 3 + channel]!);
    const enlarged = enlargeSamples(plane, width, height, factor);
    for (let i = 0; i < enlarged.length; i++) large[i * 3 + channel] = enlarged[i]!;
  }
  return large;
}

/** Beyond the picture its edge repeats: halving drops the last of an odd number of pixels. */
function crop(data: Uint8Array, size: PixelSize, region: PixelRegion): Uint8Array {
  const cut = new Uint8Array(region.width * region.height * 3);
  for (let y = 0; y < region.height; y++) {
    const row = Math.min(region.top + y, size.height - 1) * size.width;
    for (let x = 0; x < region.width; x++) {
      const from = (row + Math.min(region.left + x, size.width - 1)) * 3;
      const to = (y * region.width + x) * 3;
      cut[to] = data[from]!;
      cut[to + 1] = data[from + 1]!;
      cut[to + 2] = data[from + 2]!;
    }
  }
  return cut;
}
