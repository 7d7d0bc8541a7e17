/** Fur, drawn hair by hair over a coat pattern. */
import { at, createImage, type Image, type Rgb } from './image.ts';
import { cellular, fbm, mix, noise, Random, smoothstep } from './random.ts';

/** What a coat looks like, apart from its hair. */
export interface Coat {
  /** Colour of the hair rooted at a point; x and y in pixels. */
  readonly colour: (x: number, y: number) => Rgb;
  /** Hair length in pixels. */
  readonly length: number;
  /** Direction in which the hair lies, in radians; y grows downwards. */
  readonly direction: number;
  /** How far the direction wanders over the body, in radians. */
  readonly sway: number;
}

/** Width of a tuft of hairs, pixels. */
const TUFT_WIDTH = 15;

/** Direction towards the light; y grows downwards. */
const LIGHT_X = -0.5;
const LIGHT_Y = -0.72;

/**
 * Draws a close-up of fur, one stroke per hair, hairs rooted nearer the head lying over the others.
 * Hairs lean into tufts, darken to their roots and shine across their direction as Kajiya and Kay's
 * hair does (1989, "Rendering fur with three dimensional textures"); the body beneath has folds.
 *
 * @param width, height pixels @returns linear light
 */
export function renderFur(width: number, height: number, seed: number, coat: Coat): Image {
  const image = createImage(width, height);
  const body = (x: number, y: number) => bodyLight(x, y, width, height, seed);
  drawLayer(image, coat, seed, { draw: 1, spacing: 2.1, length: 0.6, shade: 0.42, thickness: 1.7, body });
  drawLayer(image, coat, seed, { draw: 2, spacing: 1.5, length: 1, shade: 1, thickness: 1.05, body });
  return image;
}

/** Light on the body under the fur: a rounded flank with soft folds of skin. About 0.4 to 1.15. */
function bodyLight(x: number, y: number, width: number, height: number, seed: number): number {
  const swell = (px: number, py: number) => {
    const round = 0.34 * Math.sin(Math.PI * (0.08 + (0.8 * py) / height + (0.12 * px) / width));
    return round * height + 26 * fbm(px / 300 + 3, py / 210, seed + 50, 2);
  };
  const slopeX = (swell(x + 4, y) - swell(x - 4, y)) / 8;
  const slopeY = (swell(x, y + 4) - swell(x, y - 4)) / 8;
  const facing = (1 + slopeX * 0.42 + slopeY * 0.75) / Math.hypot(1, slopeX, slopeY) / 1.32;
  return mix(0.38, 1.2, smoothstep(0.05, 1, facing));
}

/** One coat of hairs: the short dark underfur, or the guard hairs over it. */
interface Layer {
  /** Sets its random draws apart from the other layer's. */
  readonly draw: number;
  readonly spacing: number;
  readonly length: number;
  readonly shade: number;
  readonly thickness: number;
  readonly body: (x: number, y: number) => number;
}

function drawLayer(image: Image, coat: Coat, seed: number, layer: Layer): void {
  const random = new Random(seed + layer.draw);
  const cos = Math.cos(coat.direction);
  const sin = Math.sin(coat.direction);
  const margin = coat.length * 1.5;
  const roots: { x: number; y: number; order: number }[] = [];
  for (let y = -margin; y < image.height + margin; y += layer.spacing) {
    for (let x = -margin; x < image.width + margin; x += layer.spacing) {
      const px = x + random.next() * layer.spacing;
      const py = y + random.next() * layer.spacing;
      roots.push({ x: px, y: py, order: px * cos + py * sin + coat.length * 0.7 * random.next() });
    }
  }
  roots.sort((a, b) => b.order - a.order);
  for (const root of roots) {
    drawHair(image, growHair(coat, seed, layer, random, root.x, root.y));
  }
}

/** One hair, ready to be drawn: root, vector to its tip, and how it takes the light. Lengths in pixels. */
interface Hair {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  /** How far its middle is bowed sideways. */
  readonly bend: number;
  readonly thickness: number;
  readonly colour: Rgb;
  readonly light: number;
  readonly gloss: number;
}

function growHair(coat: Coat, seed: number, layer: Layer, random: Random, x: number, y: number): Hair {
  const flow = coat.direction + coat.sway * fbm(x / 330, y / 330, seed, 2);
  const cos = Math.cos(flow);
  const sin = Math.sin(flow);
  // Tufts are cells stretched along the hair; every hair of a tuft leans towards its centre line.
  const along = (x * cos + y * sin) / (coat.length * 1.6) + 0.3 * noise(x / 20, y / 20, seed + 5);
  const across = (y * cos - x * sin) / TUFT_WIDTH;
  const tuft = cellular(along, across + 0.35 * noise(x / 26, y / 26, seed + 6), seed + 11, 0.9);
  const lean = (tuft.centreY - across) * TUFT_WIDTH * 0.5 + random.gauss() * 1.6 + (tuft.id - 0.5) * 5;
  const length = coat.length * layer.length * (0.75 + 0.5 * random.next());
  const dx = cos * length - sin * lean;
  const dy = sin * length + cos * lean;

  const tangent = Math.atan2(dy, dx) + (tuft.id - 0.5) * 0.5;
  const towardsLight = Math.cos(tangent) * LIGHT_X + Math.sin(tangent) * LIGHT_Y;
  const shine = Math.max(0, 1 - towardsLight * towardsLight) ** 6;
  const body = layer.shade * layer.body(x, y);
  const parting = mix(0.62, 1, smoothstep(0.02, 0.42, tuft.second - tuft.first));
  return {
    x,
    y,
    dx,
    dy,
    bend: random.gauss() * length * 0.09,
    thickness: layer.thickness,
    colour: coat.colour(x + random.gauss() * 1.8, y + random.gauss() * 1.8),
    light: body * parting * (0.78 + 0.44 * random.next()) * (0.86 + 0.28 * tuft.id),
    gloss: body * shine * (random.next() < 0.22 ? 0.085 : 0.018),
  };
}

/**
 * Draws a hair pixel by pixel along its longer axis, with antialiased coverage across it, so that no pixel
 * is blended twice.
 */
function drawHair(image: Image, hair: Hair): void {
  const { width, height, data } = image;
  const { x, y, dx, dy, bend, thickness, colour, light, gloss } = hair;
  const steep = Math.abs(dy) > Math.abs(dx);
  const [major, minor] = steep ? [dy, dx] : [dx, dy];
  const [startMajor, startMinor] = steep ? [y, x] : [x, y];
  const slant = Math.hypot(major, minor) / Math.abs(major);
  const step = Math.sign(major);
  const count = Math.floor(Math.abs(major));
  for (let i = 0; i <= count; i++) {
    const t = count === 0 ? 0 : i / count;
    const m = Math.round(startMajor) + i * step;
    const centre = startMinor + minor * t + bend * 4 * t * (1 - t);
    const half = 0.5 * thickness * slant * (t < 0.15 ? 0.6 + 2.7 * t : 1.05 - 0.8 * (t - 0.1));
    const tone = light * mix(0.5, 1.12, t);
    const spark = gloss * 4 * t * (1 - t);
    for (let n = Math.floor(centre - half); n <= centre + half + 1; n++) {
      const cover = Math.min(half + 0.5 - Math.abs(n - centre), 2 * half, 1) * 0.92;
      const [px, py] = steep ? [n, m] : [m, n];
      if (cover <= 0 || px < 0 || py < 0 || px >= width || py >= height) continue;
      const j = (py * width + px) * 3;
      data[j] = mix(at(data, j), colour[0] * tone + spark, cover);
      data[j + 1] = mix(at(data, j + 1), colour[1] * tone + spark, cover);
      data[j + 2] = mix(at(data, j + 2), colour[2] * tone + spark, cover);
    }
  }
}
