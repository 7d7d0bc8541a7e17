/** The sample photos: what each shows and how the phone was held. */
import { type Board, MUSEUM_BOARD } from './butterfly.ts';
import type { Rendition } from './girih.ts';
import type { Image } from './image.ts';
import { renderLake } from './landscape.ts';
import type { Shot } from './phone-shot.ts';
import { BUTTERFLIES, butterfly, COATS, fur, GIRIH, panel } from './references.ts';
import { hang, type Setting } from './scene.ts';

/** A phone shot, and what is known about the object in it. */
export interface PhotoPlan {
  readonly file: string;
  readonly title: string;
  readonly gallery: string | null;
  /** The reference that shows the very same object in another rendition. */
  readonly sameObject: string | null;
  readonly seed: number;
  readonly render: () => Image;
  readonly shot: Shot;
}

/** A phone held straight in fair light; every photo departs from it. */
const PLAIN_SHOT: Shot = {
  width: 384,
  height: 308,
  field: 0.86,
  roll: 0,
  tiltX: 0,
  tiltY: 0,
  exposure: 0.95,
  fall: 0.5,
  brightSide: -2.4,
  whiteBalance: [1, 1, 1],
  glare: { x: -0.2, y: -0.15, radius: 0.3, strength: 0 },
  defocus: 0.8,
  shake: 0,
  shakeDirection: 0,
  noise: 0.006,
  quality: 55,
  seed: 1,
};

const GALLERY_WALL: Setting = { wall: '#b9ab97', frame: '#4a3020', frameWidth: 44, wallWidth: 90, seed: 5 };
const DRAWER: Setting = { wall: '#6a5a49', frame: '#7d5533', frameWidth: 40, wallWidth: 60, seed: 6 };
const LAMP_LIGHT: Rendition = { tint: [1.12, 0.98, 0.8], light: -0.6, gloss: 0.9 };
const DRAWER_BOARD: Board = { ...MUSEUM_BOARD, colour: '#ddd3c0', tint: [1.06, 0.97, 0.84] };

export const PHOTOS: readonly PhotoPlan[] = [
  {
    file: 'leopard-behind-glass.jpg',
    title: 'Leopard, through the glass of its house',
    gallery: COATS,
    sameObject: null,
    seed: 51,
    render: () => fur('leopard', 51),
    shot: {
      ...PLAIN_SHOT,
      tiltX: 0.22,
      tiltY: -0.1,
      roll: 0.07,
      field: 0.8,
      defocus: 1,
      shake: 1.6,
      shakeDirection: 0.5,
      seed: 51,
    },
  },
  {
    file: 'tiger-in-the-shade.jpg',
    title: 'Tiger, resting in the shade',
    gallery: COATS,
    sameObject: null,
    seed: 52,
    render: () => fur('tiger', 52),
    shot: {
      ...PLAIN_SHOT,
      tiltX: -0.18,
      tiltY: 0.16,
      roll: -0.06,
      field: 0.82,
      exposure: 0.72,
      fall: 0.7,
      brightSide: -0.7,
      noise: 0.009,
      whiteBalance: [0.94, 1, 1.1],
      defocus: 0.9,
      quality: 48,
      seed: 52,
    },
  },
  {
    file: 'tile-panel-on-the-wall.jpg',
    title: 'Tile panel in the museum, lamp light',
    gallery: GIRIH,
    sameObject: 'galleries/Girih tiles/eightfold-cobalt.jpg',
    seed: 101,
    render: () => hang(panel('eightfold-cobalt', LAMP_LIGHT), GALLERY_WALL),
    shot: {
      ...PLAIN_SHOT,
      tiltX: 0.3,
      tiltY: 0.06,
      roll: 0.025,
      field: 1.0,
      fall: 0.55,
      brightSide: -2.7,
      defocus: 0.9,
      noise: 0.007,
      glare: { x: -0.16, y: -0.12, radius: 0.2, strength: 0.4 },
      quality: 52,
      seed: 101,
    },
  },
  {
    file: 'courtyard-tiles.jpg',
    title: 'Courtyard tiles, late afternoon',
    gallery: GIRIH,
    sameObject: null,
    seed: 112,
    render: () => panel('twelvefold-courtyard'),
    shot: {
      ...PLAIN_SHOT,
      tiltX: -0.2,
      tiltY: -0.24,
      roll: -0.09,
      field: 0.74,
      fall: 0.8,
      brightSide: 0.8,
      exposure: 0.9,
      whiteBalance: [1.1, 1, 0.86],
      shake: 1.8,
      shakeDirection: 1.2,
      defocus: 0.7,
      quality: 50,
      seed: 112,
    },
  },
  {
    file: 'morpho-in-the-drawer.jpg',
    title: 'Morpho in the specimen drawer',
    gallery: BUTTERFLIES,
    sameObject: 'galleries/Butterfly wings/blue-morpho.jpg',
    seed: 22,
    render: () => hang(butterfly('blue morpho', 22, DRAWER_BOARD), DRAWER),
    shot: {
      ...PLAIN_SHOT,
      tiltX: -0.16,
      tiltY: 0.22,
      roll: 0.05,
      field: 0.92,
      fall: 0.5,
      brightSide: -1.2,
      noise: 0.008,
      defocus: 1,
      glare: { x: 0.22, y: -0.16, radius: 0.22, strength: 0.2 },
      seed: 22,
    },
  },
  {
    file: 'monarch-specimen.jpg',
    title: 'Monarch, school collection',
    gallery: BUTTERFLIES,
    sameObject: null,
    seed: 61,
    render: () => butterfly('monarch', 61, { ...DRAWER_BOARD, turn: 0.12, size: 0.38 }),
    shot: {
      ...PLAIN_SHOT,
      tiltX: 0.14,
      tiltY: 0.14,
      roll: -0.05,
      field: 0.94,
      exposure: 0.82,
      fall: 0.6,
      brightSide: 2.6,
      whiteBalance: [1.06, 1, 0.9],
      shake: 1.4,
      shakeDirection: 2.2,
      defocus: 0.85,
      noise: 0.009,
      quality: 46,
      seed: 61,
    },
  },
  {
    file: 'evening-at-the-lake.jpg',
    title: 'Evening at the lake',
    gallery: null,
    sameObject: null,
    seed: 71,
    render: () => renderLake(960, 720, 71),
    shot: {
      ...PLAIN_SHOT,
      width: 400,
      height: 300,
      field: 0.97,
      roll: 0.02,
      exposure: 0.9,
      fall: 0.1,
      defocus: 0.8,
      noise: 0.008,
      seed: 71,
    },
  },
];
