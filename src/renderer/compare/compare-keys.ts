/** What the keys of the compare view do. */
export type KeyAction =
  | { readonly kind: 'hold' }
  /** Arrows: −1, 0 or 1 to the right and down. */
  | { readonly kind: 'move' | 'look'; readonly right: number; readonly down: number }
  | { readonly kind: 'zoomIn' | 'zoomOut' | 'fit' | 'truePixels' | 'toggleZoom' }
  | { readonly kind: 'nextWay' | 'difference' | 'weightMap' | 'reference' | 'share' | 'help' };

/** By `KeyboardEvent.key`, in lower case. */
const ACTIONS: Readonly<Record<string, KeyAction>> = {
  ' ': { kind: 'hold' },
  arrowleft: { kind: 'move', right: -1, down: 0 },
  arrowright: { kind: 'move', right: 1, down: 0 },
  arrowup: { kind: 'move', right: 0, down: -1 },
  arrowdown: { kind: 'move', right: 0, down: 1 },
  a: { kind: 'look', right: -1, down: 0 },
  d: { kind: 'look', right: 1, down: 0 },
  w: { kind: 'look', right: 0, down: -1 },
  s: { kind: 'look', right: 0, down: 1 },
  '+': { kind: 'zoomIn' },
  '=': { kind: 'zoomIn' },
  '-': { kind: 'zoomOut' },
  '0': { kind: 'fit' },
  '1': { kind: 'truePixels' },
  z: { kind: 'toggleZoom' },
  c: { kind: 'nextWay' },
  h: { kind: 'difference' },
  r: { kind: 'weightMap' },
  f: { kind: 'reference' },
  e: { kind: 'share' },
  '?': { kind: 'help' },
};

/** What a key does; undefined where it does nothing here. @param key `KeyboardEvent.key` */
export function actionOf(key: string): KeyAction | undefined {
  const name = key.toLowerCase();
  return Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
}

/** The keys as they are shown to people, by what they do. */
export const SHOWN_KEYS = [
  ['hold', ['Space']],
  ['move', ['←', '→', '↑', '↓']],
  ['look', ['W', 'A', 'S', 'D']],
  ['zoom', ['+', '−']],
  ['fit', ['0']],
  ['truePixels', ['1']],
  ['toggleZoom', ['Z']],
  ['nextWay', ['C']],
  ['difference', ['H']],
  ['weightMap', ['R']],
  ['reference', ['F']],
  ['share', ['E']],
  ['help', ['?']],
] as const satisfies readonly (readonly [string, readonly string[]])[];
