/** The references of the sample galleries. */
import { type Board, MUSEUM_BOARD, renderButterfly } from './butterfly.ts';
import { coatOf, type Species } from './coats.ts';
import { renderFur } from './fur.ts';
import { type Rendition, renderPanel, STUDIO } from './girih.ts';
import type { Image } from './image.ts';
import { type PanelName, panelOf } from './panels.ts';
import { type SpecimenName, specimenOf } from './specimens.ts';

export const COATS = 'Animal coats';
export const GIRIH = 'Girih tiles';
export const BUTTERFLIES = 'Butterfly wings';

/** A picture to be rendered as it stands: one reference of a gallery. */
export interface ReferencePlan {
  readonly gallery: string;
  readonly file: string;
  readonly render: () => Image;
}

export const fur = (species: Species, seed: number) => renderFur(864, 690, seed * 100, coatOf(species, seed));
export const panel = (name: PanelName, rendition: Rendition = STUDIO) =>
  renderPanel(840, 690, panelOf(name), rendition);
export const butterfly = (name: SpecimenName, seed: number, board: Board = MUSEUM_BOARD) =>
  renderButterfly(864, 690, specimenOf(name, seed), board);

function coat(file: string, species: Species, seed: number): ReferencePlan {
  return { gallery: COATS, file, render: () => fur(species, seed) };
}

function tiles(name: PanelName): ReferencePlan {
  return { gallery: GIRIH, file: `${name}.jpg`, render: () => panel(name) };
}

function wings(name: SpecimenName, seed: number): ReferencePlan {
  return {
    gallery: BUTTERFLIES,
    file: `${name.replaceAll(' ', '-')}.jpg`,
    render: () => butterfly(name, seed),
  };
}

export const REFERENCES: readonly ReferencePlan[] = [
  coat('cheetah-01.jpg', 'cheetah', 3),
  coat('giraffe-01.jpg', 'giraffe', 7),
  coat('jaguar-01.jpg', 'jaguar', 2),
  coat('leopard-01.jpg', 'leopard', 1),
  coat('leopard-02.jpg', 'Amur leopard', 9),
  coat('okapi-01.jpg', 'okapi', 6),
  coat('snow-leopard-01.jpg', 'snow leopard', 8),
  coat('tiger-01.jpg', 'tiger', 4),
  coat('tiger-02.jpg', 'white tiger', 10),
  coat('zebra-01.jpg', 'zebra', 5),
  tiles('eightfold-cobalt'),
  tiles('eightfold-emerald'),
  tiles('eightfold-ivory'),
  tiles('tenfold-amber'),
  tiles('tenfold-turquoise'),
  tiles('twelvefold-turquoise'),
  tiles('twelvefold-saffron'),
  tiles('twelvefold-madder'),
  tiles('sixfold-lapis'),
  tiles('sixfold-olive'),
  wings('birdwing', 21),
  wings('blue morpho', 22),
  wings('cattleheart', 23),
  wings('great mormon', 24),
  wings('monarch', 25),
  wings('orange tip', 26),
  wings('owl', 27),
  wings('peacock', 28),
  wings('red admiral', 29),
  wings('swallowtail', 30),
];
