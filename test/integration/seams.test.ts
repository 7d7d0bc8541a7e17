import path from 'node:path';
import { expect, it } from 'vitest';
import type { RestorationRecord } from '../../src/core/restoration/record.ts';
import { copyBundle, embeddedBundle } from '../support/bundles.ts';
import { rasr } from '../support/cli.ts';
import { asSeen, meanDifference, picture } from '../support/pictures.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Output columns or rows on either side of a tile's border that are looked at by themselves. */
const BORDER = 32;

// A single tile of 1000 × 750 takes 2 GB: it is given to a process of its own, which frees them.
it('a plain gradient of 1000 × 750 shows no seam at ×4: tiled is as untiled', async () => {
  const folder = await temporaryFolder();
  const photo = path.join(folder, 'gradient.png');
  await picture(1000, 750).toFile(photo);
  const oneTile = path.join(folder, 'one-tile');
  await copyBundle(await embeddedBundle('generator'), path.join(oneTile, 'models', 'large'), (manifest) => {
    manifest.tiles.max = 1024;
  });

  const [tiled, untiled] = [await restore(photo, path.join(folder, 'tiled')), await restore(photo, oneTile)];

  expect(untiled.record.tiles).toBe(1);
  expect(tiled.record.tiles).toBeGreaterThan(1);
  const [a, b] = [await asSeen(tiled.output), await asSeen(untiled.output)];
  expect([a.width, a.height]).toEqual([4000, 3000]);
  expect(meanDifference(a.data, b.data)).toBeLessThan(1);
  // A seam would drown in the mean of the whole: no band of columns or rows may stand out either.
  expect(worstBand(a.data, b.data, a.width, a.height, 'columns')).toBeLessThan(1);
  expect(worstBand(a.data, b.data, a.width, a.height, 'rows')).toBeLessThan(1);
});

async function restore(
  photo: string,
  library: string,
): Promise<{ output: string; record: RestorationRecord }> {
  const args = [
    '--library',
    library,
    'restore',
    photo,
    '--out',
    path.join(library, 'out'),
    '--no-reference',
    '--json',
  ];
  const { code, stdout, stderr } = await rasr(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** The largest mean difference over any {@link BORDER} neighbouring columns or rows, of 255. */
function worstBand(
  a: Uint8Array,
  b: Uint8Array,
  width: number,
  height: number,
  along: 'columns' | 'rows',
): number {
  const length = along === 'columns' ? width : height;
  const sums = new Float64Array(Math.ceil(length / BORDER));
  for (let i = 0; i < a.length; i++) {
    const pixel = Math.trunc(i / 3);
    const at = along === 'columns' ? pixel % width : Math.trunc(pixel / width);
    const band = Math.trunc(at / BORDER);
    sums[band] = sums[band]! + Math.abs(a[i]! - b[i]!);
  }
  const samples = (a.length / length) * BORDER;
  return Math.max(...sums) / samples;
}
