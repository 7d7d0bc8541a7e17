import sharp from 'sharp';
import { RasrError } from '../errors.ts';
import { encodeRegion, levelSize, readRegion, type TilePlace, tileRegion } from '../photo/pyramid.ts';
import { differenceHeat } from './difference.ts';
import type { PyramidCache } from './pyramid-cache.ts';
import { readAsLarge } from './same-size.ts';

/**
 * One tile of a picture as PNG.
 *
 * @throws RasrError `FILE_MISSING` where there is no such tile, or as `PyramidCache.read`
 */
export async function pictureTile(cache: PyramidCache, picture: string, place: TilePlace): Promise<Buffer> {
  const found = await cache.read(picture, async (pyramid) => {
    const size = await levelSize(pyramid, place.level);
    const region = size && tileRegion(size, place);
    return region && encodeRegion(pyramid, place.level, region);
  });
  return found ?? noSuchTile();
}

/**
 * One tile of the map of how much two pictures of the same thing differ, on the grid of the second, as PNG. The
 * first may be smaller or larger by a power of two; a smaller one is enlarged bilinearly.
 *
 * @throws RasrError as {@link pictureTile}
 */
export async function differenceTile(
  cache: PyramidCache,
  before: string,
  after: string,
  place: TilePlace,
): Promise<Buffer> {
  const found = await cache.read(after, async (pyramid) => {
    const [whole, size] = [await levelSize(pyramid, 0), await levelSize(pyramid, place.level)];
    const region = size && tileRegion(size, place);
    return whole && region && { whole, region, data: await readRegion(pyramid, place.level, region) };
  });
  if (!found) return noSuchTile();
  const { whole, region, data } = found;
  const other = await cache.read(before, (pyramid) => readAsLarge(pyramid, whole, place.level, region));
  const { width, height } = region;
  return sharp(differenceHeat(other, data), { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

function noSuchTile(): never {
  throw new RasrError('FILE_MISSING', 'The picture has no such tile.', 'Reload the window.');
}
