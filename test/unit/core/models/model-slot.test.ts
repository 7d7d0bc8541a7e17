import { describe, expect, it } from 'vitest';
import { ModelSlot } from '../../../../src/core/models/model-slot.ts';

describe('ModelSlot', () => {
  it('loads once for all who ask, and again after it was emptied', async () => {
    const slot = new ModelSlot<number>();
    let loads = 0;
    const load = async () => ++loads;
    expect(await Promise.all([slot.get('a', load), slot.get('a', load)])).toEqual([1, 1]);
    expect([slot.holdsOtherThan('a'), slot.holdsOtherThan('b')]).toEqual([false, true]);
    expect(await slot.take()).toBe(1);
    expect(slot.holdsOtherThan('b')).toBe(false);
    expect(await slot.take()).toBeNull();
    expect(await slot.get('a', load)).toBe(2);
  });

  it('tries again after a failure', async () => {
    const slot = new ModelSlot<string>();
    await expect(slot.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await slot.take()).toBeNull();
    expect(await slot.get('a', async () => 'yes')).toBe('yes');
  });
});
