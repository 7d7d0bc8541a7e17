import { afterAll, describe, expect, it } from 'vitest';
import { Aligner, type ShownReference } from '../../src/core/alignment/aligner.ts';
import type { Homography } from '../../src/core/alignment/homography.ts';
import { grey, noisy, view, work } from '../support/scene.ts';

const toWork: Homography = [3.9, 0.25, -95, -0.2, 4.0, -75, 1e-4, 2e-4, 1];
const shown = await work(1);
const photo = await grey(noisy(view(shown, toWork, 240, 180), 25));
const [reference, otherWork] = [await grey(shown), await grey(await work(2))];

const aligner = new Aligner();
afterAll(() => aligner.release());

/** A reference that counts how often it is read. */
function counted(key: string, image: typeof reference | null) {
  const read = { times: 0 };
  const source: ShownReference = {
    key,
    read: async () => {
      read.times++;
      return image;
    },
  };
  return { source, read };
}

describe('the aligner', () => {
  it('passes over what shows something else or cannot be read, and reads nothing beyond what fits', async () => {
    const [other, gone, right, last] = [
      counted('other', otherWork),
      counted('gone', null),
      counted('right', reference),
      counted('last', otherWork),
    ];
    const found = await aligner.align(photo, [other.source, gone.source, right.source, last.source]);
    expect(found).toMatchObject({ index: 2, shown: { width: reference.width } });
    expect([other, gone, right, last].map(({ read }) => read.times)).toEqual([1, 1, 1, 0]);
  });

  it('reads a reference that it knows only if it fits, and finds the same', async () => {
    const [other, right] = [counted('known other', otherWork), counted('known right', reference)];
    const first = await aligner.align(photo, [other.source, right.source]);
    const second = await aligner.align(photo, [other.source, right.source]);
    expect(second!.alignment).toEqual(first!.alignment);
    expect([other.read.times, right.read.times]).toEqual([1, 2]);
  });

  it('finds nothing among nothing', async () => {
    expect(await aligner.align(photo, [])).toBeNull();
    expect(await aligner.align(photo, [counted('other', otherWork).source])).toBeNull();
  });
});
