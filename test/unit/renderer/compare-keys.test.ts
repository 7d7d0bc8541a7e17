import { describe, expect, it } from 'vitest';
import { actionOf, SHOWN_KEYS } from '../../../src/renderer/compare/compare-keys.ts';
import { nextWay, WAYS } from '../../../src/renderer/compare/ways.ts';

/** What is written on the keys that have no character of their own. */
const WRITTEN: Readonly<Record<string, string>> = {
  Space: ' ',
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
  '↑': 'ArrowUp',
  '↓': 'ArrowDown',
  '−': '-',
};

describe('the keys', () => {
  it.each(SHOWN_KEYS)('for "%s" do what the help says', (what, keys) => {
    for (const key of keys) {
      const kind = actionOf(WRITTEN[key] ?? key)?.kind;
      if (what === 'zoom') expect(kind).toMatch(/^zoom(In|Out)$/);
      else expect(kind).toBe(what);
    }
  });

  it('are the same with and without capitals, and no others do anything', () => {
    expect(actionOf('h')).toEqual(actionOf('H'));
    for (const key of ['x', 'Enter', 'Tab', 'Delete', 'constructor']) expect(actionOf(key)).toBeUndefined();
  });
});

describe('nextWay', () => {
  it('comes round', () => {
    expect(WAYS.map(nextWay)).toEqual(['side', 'lens', 'slider']);
  });
});
