/** The tile panels of the samples: tiling, contact angle and glazes. */
import type { Panel } from './girih.ts';

export type PanelName =
  | 'eightfold-cobalt'
  | 'eightfold-emerald'
  | 'eightfold-ivory'
  | 'sixfold-lapis'
  | 'sixfold-olive'
  | 'tenfold-amber'
  | 'tenfold-turquoise'
  | 'twelvefold-courtyard'
  | 'twelvefold-madder'
  | 'twelvefold-saffron'
  | 'twelvefold-turquoise';

const DEGREE = Math.PI / 180;
const CREAM = '#efe6d2';
const EARTH = '#857663';

/** Glazes are named from the smallest tiles to the largest. */
const PANELS: Record<
  PanelName,
  Omit<Panel, 'grout' | 'halfWidth'> & { readonly halfWidth?: number; readonly grout?: string }
> = {
  'eightfold-cobalt': {
    seed: 101,
    tiling: '4.8.8',
    edge: 84,
    turn: 0,
    contact: 67.5 * DEGREE,
    strap: CREAM,
    glazes: ['#d39a32', '#14346e', '#1f8f90'],
    inlay: '#e2b04a',
    petals: 8,
  },
  'eightfold-emerald': {
    seed: 102,
    tiling: '4.8.8',
    edge: 104,
    turn: 45 * DEGREE,
    contact: 58 * DEGREE,
    strap: '#f0e9da',
    glazes: ['#16242c', '#c8862a', '#0d5f45'],
    inlay: '#f0e9da',
    petals: 8,
  },
  'eightfold-ivory': {
    seed: 103,
    tiling: '4.8.8',
    edge: 72,
    turn: 0.12,
    contact: 72 * DEGREE,
    strap: '#23406e',
    halfWidth: 6,
    glazes: ['#2a9c98', '#e6dcc4', '#b4532a'],
    inlay: '#e6dcc4',
    petals: 8,
  },
  'sixfold-lapis': {
    seed: 104,
    tiling: '3.4.6.4',
    edge: 92,
    turn: 0.26,
    contact: 60 * DEGREE,
    strap: '#f2ead9',
    glazes: ['#d9a53a', '#d9a53a', '#1d3378', '#2f9fae'],
    inlay: '#f2ead9',
    petals: 6,
  },
  'sixfold-olive': {
    seed: 105,
    tiling: '3.4.6.4',
    edge: 106,
    turn: 0,
    contact: 70 * DEGREE,
    strap: '#2b2622',
    halfWidth: 6,
    glazes: ['#a8512a', '#a8512a', '#6f7a35', '#e0d3b2'],
    inlay: '#8a3f22',
    petals: 6,
  },
  'tenfold-amber': {
    seed: 106,
    tiling: 'decagon and bow tie',
    edge: 78,
    turn: 0.31,
    contact: 72 * DEGREE,
    strap: '#f3ebdc',
    halfWidth: 6,
    glazes: ['#1c8f8a', '#1c8f8a', '#14346e', '#d8a035'],
    inlay: '#7a2d20',
    petals: 10,
  },
  'tenfold-turquoise': {
    seed: 107,
    tiling: 'decagon and bow tie',
    edge: 98,
    turn: -0.14,
    contact: 72 * DEGREE,
    strap: '#2a3f66',
    halfWidth: 6,
    glazes: ['#c7842c', '#ece2ca', '#c7842c', '#15918f'],
    inlay: '#f1e7c8',
    petals: 10,
  },
  'twelvefold-turquoise': {
    seed: 108,
    tiling: '3.12.12',
    edge: 58,
    turn: 0.1,
    contact: 66 * DEGREE,
    strap: '#e9dfc6',
    halfWidth: 6,
    glazes: ['#182f6c', '#27a3a6'],
    inlay: '#f1ead6',
    petals: 12,
  },
  'twelvefold-saffron': {
    seed: 109,
    tiling: '4.6.12',
    edge: 64,
    turn: 0,
    contact: 65 * DEGREE,
    strap: '#f0e8d8',
    halfWidth: 6,
    glazes: ['#0c4f43', '#7a2d20', '#142c58', '#cf9634'],
    inlay: '#7a2d20',
    petals: 12,
  },
  'twelvefold-madder': {
    seed: 110,
    tiling: '4.6.12',
    edge: 74,
    turn: 0.2,
    contact: 58 * DEGREE,
    strap: '#eadfc8',
    halfWidth: 6,
    glazes: ['#d9a53a', '#1e6f78', '#d9a53a', '#8e2d24'],
    inlay: '#e8c670',
    petals: 12,
  },
  'twelvefold-courtyard': {
    seed: 112,
    tiling: '3.12.12',
    edge: 66,
    turn: 0.42,
    contact: 60 * DEGREE,
    strap: '#f1ead9',
    halfWidth: 7,
    glazes: ['#1c3472', '#2f9c9a'],
    inlay: '#f1ead6',
    petals: 12,
  },
};

/** The panel of that name, complete. */
export function panelOf(name: PanelName): Panel {
  return { halfWidth: 7, grout: EARTH, ...PANELS[name] };
}
