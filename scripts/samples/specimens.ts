/** Invented butterflies, each after the manner of a well-known one. */
import type { Specimen } from './wing-pattern.ts';

const PLAIN = {
  bands: [],
  spots: [],
  eyes: [],
  iridescence: 0,
  apex: 0,
} as const;

export type SpecimenName =
  | 'birdwing'
  | 'blue morpho'
  | 'cattleheart'
  | 'great mormon'
  | 'monarch'
  | 'orange tip'
  | 'owl'
  | 'peacock'
  | 'red admiral'
  | 'swallowtail';

/** The specimen of that name; `seed` varies its scales and the waver of its bands. */
export function specimenOf(name: SpecimenName, seed: number): Specimen {
  switch (name) {
    case 'monarch':
      return {
        ...PLAIN,
        seed,
        plan: 'brushfoot',
        apex: 0.55,
        body: '#3a332c',
        fore: ['#c4571a', '#dd7a22'],
        hind: ['#cf6a1e', '#e08a2e'],
        veins: { colour: '#140e0a', width: 0.0085 },
        border: { colour: '#17110d', fore: 0.085, hind: 0.09 },
        spots: [
          { wing: 'both', inset: 0.025, size: 0.0105, colour: '#f4efe4' },
          { wing: 'both', inset: 0.058, size: 0.0115, colour: '#f4efe4' },
          { wing: 'fore', inset: 0.14, size: 0.017, colour: '#eec28a' },
        ],
      };
    case 'blue morpho':
      return {
        ...PLAIN,
        seed,
        plan: 'morpho',
        apex: 0.22,
        iridescence: 0.85,
        body: '#2a2724',
        fore: ['#1b4fae', '#2f8ee0'],
        hind: ['#1a48a4', '#2c84dc'],
        veins: { colour: '#0c2450', width: 0.0035 },
        border: { colour: '#0d0f14', fore: 0.085, hind: 0.075 },
        spots: [
          { wing: 'fore', inset: 0.045, size: 0.0085, colour: '#e9eef2' },
          { wing: 'hind', inset: 0.035, size: 0.006, colour: '#c9d6e4' },
        ],
      };
    case 'peacock':
      return {
        ...PLAIN,
        seed,
        plan: 'brushfoot',
        body: '#4c3421',
        fore: ['#7a2413', '#a8391c'],
        hind: ['#5a2a18', '#8c3a20'],
        veins: { colour: '#4a160c', width: 0.004 },
        border: { colour: '#5b5048', fore: 0.05, hind: 0.075 },
        bands: [
          { wing: 'fore', at: 0.42, half: 0.055, from: -1, to: 0.34, colour: '#191210' },
          { wing: 'fore', at: 0.56, half: 0.05, from: -1, to: 0.34, colour: '#e4bf5f' },
          { wing: 'fore', at: 0.66, half: 0.04, from: -1, to: 0.36, colour: '#191210' },
        ],
        eyes: [
          {
            wing: 'fore',
            turn: 0.27,
            reach: 0.8,
            radius: 0.13,
            rings: ['#1a1412', '#e2b24c', '#8e2416', '#c7a7a0', '#3552a8', '#20223c'],
          },
          {
            wing: 'hind',
            turn: 0.33,
            reach: 0.74,
            radius: 0.15,
            rings: ['#cfc3ae', '#161214', '#161214', '#4a72c8', '#1b2350', '#86a8e0'],
          },
        ],
      };
    case 'owl':
      return {
        ...PLAIN,
        seed,
        plan: 'morpho',
        body: '#5a4632',
        fore: ['#8a6a48', '#6a4c32'],
        hind: ['#7c6044', '#4c3826'],
        veins: { colour: '#40301f', width: 0.004 },
        border: { colour: '#3a2a1c', fore: 0.05, hind: 0.06 },
        bands: [
          { wing: 'both', at: 0.32, half: 0.022, colour: '#4a3622' },
          { wing: 'both', at: 0.45, half: 0.02, colour: '#b08e64' },
          { wing: 'both', at: 0.58, half: 0.016, colour: '#46321f' },
          { wing: 'both', at: 0.72, half: 0.03, colour: '#c0a074' },
          { wing: 'both', at: 0.83, half: 0.014, colour: '#3c2b1b' },
        ],
        eyes: [
          {
            wing: 'hind',
            turn: 0.52,
            reach: 0.66,
            radius: 0.19,
            rings: ['#e0cda0', '#2a1c10', '#b8862c', '#151010', '#151010', '#151010', '#e8e6da'],
          },
          {
            wing: 'fore',
            turn: 0.3,
            reach: 0.82,
            radius: 0.055,
            rings: ['#d8c294', '#241a12', '#241a12', '#e6e2d4'],
          },
        ],
      };
    case 'swallowtail':
      return {
        ...PLAIN,
        seed,
        plan: 'swallowtail',
        apex: 0.08,
        body: '#3b352b',
        fore: ['#e6cf74', '#efdc8c'],
        hind: ['#e9d47c', '#f0de90'],
        veins: { colour: '#1a1712', width: 0.0075 },
        border: { colour: '#191713', fore: 0.11, hind: 0.15 },
        bands: [
          { wing: 'fore', at: 0.1, half: 0.13, colour: '#1f1b15' },
          { wing: 'fore', at: 0.44, half: 0.045, from: -1, to: 0.45, colour: '#1f1b15' },
          { wing: 'fore', at: 0.62, half: 0.035, from: -1, to: 0.36, colour: '#1f1b15' },
        ],
        spots: [
          { wing: 'fore', inset: 0.05, size: 0.019, colour: '#efdc8c' },
          { wing: 'hind', inset: 0.04, size: 0.021, colour: '#efdc8c' },
          { wing: 'hind', inset: 0.105, size: 0.026, colour: '#4e78b8' },
        ],
        eyes: [
          {
            wing: 'hind',
            turn: 0.9,
            reach: 0.84,
            radius: 0.055,
            rings: ['#15120f', '#c7452a', '#c7452a', '#3d5fa8'],
          },
        ],
      };
    case 'red admiral':
      return {
        ...PLAIN,
        seed,
        plan: 'brushfoot',
        apex: 0.1,
        body: '#33291f',
        fore: ['#3d2a1c', '#14100e'],
        hind: ['#452f1f', '#17120f'],
        veins: { colour: '#0f0b09', width: 0.0035 },
        border: { colour: '#13100e', fore: 0.03, hind: 0.0 },
        bands: [
          { wing: 'fore', at: 0.58, half: 0.062, from: -1, to: 0.86, colour: '#d23c1a' },
          { wing: 'hind', at: 0.93, half: 0.075, from: 0.12, to: 0.86, colour: '#d8481c' },
        ],
        spots: [
          { wing: 'fore', inset: 0.12, size: 0.026, colour: '#f2efe8' },
          { wing: 'fore', inset: 0.04, size: 0.008, colour: '#e8e4da' },
          { wing: 'hind', inset: 0.045, size: 0.012, colour: '#1a1411' },
        ],
      };
    case 'orange tip':
      return {
        ...PLAIN,
        seed,
        plan: 'white',
        body: '#6d6a62',
        fore: ['#e9e7dc', '#f0eee4'],
        hind: ['#e6e4d4', '#efede0'],
        veins: { colour: '#b7b3a2', width: 0.0035 },
        border: { colour: '#4a443c', fore: 0.028, hind: 0.0 },
        bands: [{ wing: 'fore', at: 0.88, half: 0.28, from: -1, to: 0.62, colour: '#e8861e' }],
        spots: [{ wing: 'hind', inset: 0.02, size: 0.009, colour: '#8d8672' }],
        eyes: [{ wing: 'fore', turn: 0.33, reach: 0.5, radius: 0.026, rings: ['#2b2722'] }],
      };
    case 'birdwing':
      return {
        ...PLAIN,
        seed,
        plan: 'birdwing',
        iridescence: 0.5,
        body: '#8a7a2c',
        fore: ['#10120f', '#141611'],
        hind: ['#2f9a4a', '#5fb84a'],
        veins: { colour: '#0d0f0c', width: 0.0065 },
        border: { colour: '#0f110e', fore: 0.035, hind: 0.05 },
        bands: [
          { wing: 'fore', at: 0.66, half: 0.2, from: -1, to: 0.3, colour: '#2fa060' },
          { wing: 'fore', at: 0.6, half: 0.26, from: 0.78, to: 1, colour: '#2c9458' },
        ],
        spots: [
          { wing: 'hind', inset: 0.11, size: 0.022, colour: '#12140f' },
          { wing: 'hind', inset: 0.19, size: 0.014, colour: '#d8b42e' },
        ],
      };
    case 'cattleheart':
      return {
        ...PLAIN,
        seed,
        plan: 'white',
        apex: 0.05,
        iridescence: 0.2,
        body: '#27201d',
        fore: ['#15171a', '#1c1f22'],
        hind: ['#16171a', '#1b1c1f'],
        veins: { colour: '#0a0b0c', width: 0.005 },
        border: { colour: '#0e0f10', fore: 0.04, hind: 0.05 },
        bands: [
          { wing: 'fore', at: 0.5, half: 0.13, from: 0.6, to: 0.95, colour: '#3f9a6e' },
          { wing: 'hind', at: 0.5, half: 0.15, from: 0.2, to: 0.85, colour: '#c8283c' },
        ],
        spots: [
          { wing: 'hind', inset: 0.026, size: 0.012, colour: '#e3d6cf' },
          { wing: 'fore', inset: 0.02, size: 0.007, colour: '#d8d2c8' },
        ],
      };
    case 'great mormon':
      return {
        ...PLAIN,
        seed,
        plan: 'morpho',
        apex: 0.1,
        iridescence: 0.35,
        body: '#20242c',
        fore: ['#14203a', '#1c2c4c'],
        hind: ['#152444', '#6c94c4'],
        veins: { colour: '#0a0e18', width: 0.007 },
        border: { colour: '#0c0f17', fore: 0.04, hind: 0.06 },
        bands: [
          { wing: 'fore', at: 0.12, half: 0.1, from: -1, to: 0.6, colour: '#b5322a' },
          { wing: 'hind', at: 0.66, half: 0.16, from: 0.15, to: 0.95, colour: '#8fb4dc' },
        ],
        spots: [
          { wing: 'hind', inset: 0.13, size: 0.03, colour: '#10141e' },
          { wing: 'hind', inset: 0.035, size: 0.012, colour: '#d9dfe6' },
        ],
      };
  }
}
