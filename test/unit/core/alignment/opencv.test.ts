import { describe, expect, it } from 'vitest';
import { loadOpenCv, scoped } from '../../../../src/core/alignment/opencv.ts';

describe('loadOpenCv', () => {
  it('loads once, can be awaited, and leaves the process’ handling of fatal errors as it was', async () => {
    const before = process.listeners('uncaughtException');
    const cv = await loadOpenCv();
    expect(await loadOpenCv()).toBe(cv);
    expect(typeof cv.findHomography).toBe('function');
    expect(process.listeners('uncaughtException')).toEqual(before);
  });
});

describe('scoped', () => {
  it('frees what is owned, last first, also where the work fails', () => {
    const freed: number[] = [];
    const thing = (id: number) => ({ delete: () => void freed.push(id) });
    expect(
      scoped((own) => {
        own(thing(1));
        own(thing(2));
        return 'done';
      }),
    ).toBe('done');
    expect(() =>
      scoped((own) => {
        own(thing(3));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(freed).toEqual([2, 1, 3]);
  });
});
