import { describe, expect, it } from 'vitest';
import { fromHash, toHash } from '../../../src/renderer/shell/route.ts';

describe('routes', () => {
  it.each([
    { view: 'restore', job: null },
    { view: 'restore', job: '0b5f' },
    { view: 'galleries' },
    { view: 'gallery', id: 12 },
    { view: 'models' },
  ] as const)('$view survives the address', (route) => {
    expect(fromHash(toHash(route))).toEqual(route);
  });

  it('takes an unknown address for the restore view', () => {
    expect(fromHash('#/nothing/../1')).toEqual({ view: 'restore', job: null });
  });
});
