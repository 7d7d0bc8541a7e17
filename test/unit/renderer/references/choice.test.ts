import { describe, expect, it } from 'vitest';
import {
  type Choice,
  choiceOf,
  choose,
  partOf,
  sameChoice,
  settingsWith,
  toggleExcluded,
  togglePinned,
} from '../../../../src/renderer/references/choice.ts';

const SETTINGS = {
  gallery: 'find',
  scale: 4,
  referenceStrength: 0.5,
  format: 'keep',
  nameTemplate: '{name}',
} as const;
const NOTHING: Choice = { pinned: [], excluded: [], chosen: [] };

describe('a choice of references', () => {
  it('is that of the job, or none', () => {
    expect(choiceOf(SETTINGS)).toEqual(NOTHING);
    const handPicked = { pinned: [1], excluded: [2], chosen: [] };
    expect(choiceOf({ ...SETTINGS, handPicked })).toEqual(handPicked);
  });

  it('pins and excludes, never both, and takes either back', () => {
    const pinned = togglePinned(NOTHING, 7);
    expect([partOf(pinned, 7), partOf(pinned, 8)]).toEqual(['pinned', 'found']);
    const excluded = toggleExcluded(pinned, 7);
    expect(excluded).toEqual({ pinned: [], excluded: [7], chosen: [] });
    expect(partOf(excluded, 7)).toBe('excluded');
    expect(togglePinned(excluded, 7)).toEqual(pinned);
    expect(toggleExcluded(excluded, 7)).toEqual(NOTHING);
  });

  it('of references instead of any search leaves the others, and takes out what is excluded', () => {
    const chosen = choose([3, 4]);
    expect([3, 4, 5].map((id) => partOf(chosen, id))).toEqual(['chosen', 'chosen', 'left']);
    expect(toggleExcluded(chosen, 3)).toEqual(choose([4]));
    expect(toggleExcluded(toggleExcluded(chosen, 3), 4)).toEqual(NOTHING);
    expect(choose([])).toEqual(NOTHING);
  });

  it('is the same in whatever order it was made', () => {
    expect(sameChoice(choose([1, 2]), choose([2, 1]))).toBe(true);
    expect(sameChoice(choose([1, 2]), choose([1]))).toBe(false);
    expect(sameChoice(togglePinned(NOTHING, 1), toggleExcluded(NOTHING, 1))).toBe(false);
  });

  it('makes a job search that was to use no reference, and count what is found', () => {
    expect(settingsWith(SETTINGS, choose([1]))).toEqual({
      ...SETTINGS,
      handPicked: { pinned: [], excluded: [], chosen: [1] },
    });
    const off = { ...SETTINGS, gallery: 'none', referenceStrength: 0 } as const;
    expect(settingsWith(off, NOTHING)).toMatchObject({ gallery: 'find', referenceStrength: 1 });
    expect(settingsWith({ ...SETTINGS, gallery: 5 }, NOTHING).gallery).toBe(5);
  });
});
