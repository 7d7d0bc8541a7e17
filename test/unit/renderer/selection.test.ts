import { describe, expect, it } from 'vitest';
import {
  clear,
  kept,
  NOTHING_SELECTED,
  type Selection,
  select,
  selectAll,
  step,
} from '../../../src/renderer/galleries/selection.ts';

const ORDER = [10, 20, 30, 40, 50, 60, 70];
const ids = ({ ids: selected }: Selection) => [...selected].sort((a, b) => a - b);
const plain = { range: false, toggle: false };
const shift = { range: true, toggle: false };
const ctrl = { range: false, toggle: true };

describe('a selection', () => {
  it('is one by a click, several by Ctrl, a range by Shift from where the last began', () => {
    let selection = select(NOTHING_SELECTED, ORDER, 30, plain);
    expect(ids(selection)).toEqual([30]);
    selection = select(selection, ORDER, 60, ctrl);
    expect(ids(selection)).toEqual([30, 60]);
    selection = select(selection, ORDER, 60, ctrl);
    expect(ids(selection)).toEqual([30]);
    selection = select(selection, ORDER, 20, plain);
    selection = select(selection, ORDER, 50, shift);
    expect(ids(selection)).toEqual([20, 30, 40, 50]);
    selection = select(selection, ORDER, 10, shift);
    expect(ids(selection)).toEqual([10, 20]);
    selection = select(selection, ORDER, 60, ctrl);
    selection = select(selection, ORDER, 70, { range: true, toggle: true });
    expect(ids(selection)).toEqual([10, 20, 60, 70]);
  });

  it('is all, and none again, the keyboard staying where it was', () => {
    const all = selectAll(select(NOTHING_SELECTED, ORDER, 30, plain), ORDER);
    expect(ids(all)).toEqual(ORDER);
    expect(clear(all)).toEqual({ ids: new Set(), active: 30, anchor: null });
  });

  it('loses what is gone, and is the same where nothing is', () => {
    const selection = select(select(NOTHING_SELECTED, ORDER, 30, plain), ORDER, 50, shift);
    expect(kept(selection, ORDER.toReversed())).toBe(selection);
    expect(kept(selection, [10, 40])).toEqual({ ids: new Set([40]), active: null, anchor: null });
  });
});

describe('a key', () => {
  it.each([
    [30, 'ArrowRight', 40],
    [30, 'ArrowLeft', 20],
    [30, 'ArrowDown', 60],
    [40, 'ArrowUp', 10],
    [10, 'ArrowUp', 10],
    [60, 'ArrowDown', 60],
    [70, 'ArrowRight', 70],
    [40, 'Home', 10],
    [40, 'End', 70],
    [20, 'PageDown', 70],
    [60, 'PageUp', 10],
    [null, 'ArrowDown', 10],
    [null, 'End', 70],
    [40, 'x', undefined],
  ])('from %s by %s leads to %s in three columns', (from, key, to) => {
    expect(step(ORDER, from, key, 3, 2)).toBe(to);
  });
});
