/** A lake at dusk: the picture that no sample gallery covers. */
import { add, blend, type Image, paint, type Rgb, rgb, scale } from './image.ts';
import { clamp01, fbm, hash, mix, noise, smoothstep } from './random.ts';

const HORIZON = 0.6;
const SUN_X = 0.64;
const SKY: readonly (readonly [number, Rgb])[] = [
  [0, rgb('#22335f')],
  [0.22, rgb('#4a5a94')],
  [0.4, rgb('#a77fa6')],
  [0.52, rgb('#ee9f86')],
  [0.6, rgb('#ffd39a')],
];

/** Renders sky, ridges, water and a wooded headland. @param width, height pixels @returns linear light */
export function renderLake(width: number, height: number, seed: number): Image {
  return paint(width, height, (px, py) => {
    const x = px / height;
    const y = py / height;
    const sunX = (SUN_X * width) / height;
    const land = headland(x, y, width / height, seed);
    if (land) return land;
    if (y < HORIZON) {
      return ridges(x, y, seed, sky(x, y, sunX, seed));
    }
    return water(x, y, sunX, seed);
  });
}

function sky(x: number, y: number, sunX: number, seed: number): Rgb {
  let colour = SKY[0]?.[1] ?? [0, 0, 0];
  SKY.forEach(([stop, next], i) => {
    const from = SKY[i - 1]?.[0] ?? 0;
    colour = blend(colour, next, smoothstep(from, stop || 1e-6, y));
  });
  const d = Math.hypot(x - sunX, (y - HORIZON + 0.05) * 1.1);
  colour = add(colour, [1, 0.55, 0.25], 0.55 * Math.exp(-d * 6));
  const cloud = smoothstep(
    0.02,
    0.5,
    fbm(x * 2.2 + 4, y * 11 + 0.6 * fbm(x * 3, y * 3, seed + 9, 3), seed + 3, 6) - 0.1 + 0.25 * y,
  );
  const lit = blend(
    rgb('#6b5c86'),
    rgb('#ffb08a'),
    clamp01(0.2 + 1.1 * y + 0.3 * fbm(x * 6, y * 30, seed + 4, 4)),
  );
  colour = blend(colour, lit, 0.75 * cloud);
  return blend(colour, [1.6, 1.25, 0.8], smoothstep(0.034, 0.03, d));
}

/** Blue ridges behind each other, paler with distance. */
function ridges(x: number, y: number, seed: number, behind: Rgb): Rgb {
  let colour = behind;
  for (let layer = 0; layer < 3; layer++) {
    const far = 1 - layer / 3;
    const lift = (0.05 + 0.075 * far) * (0.7 + 0.5 * noise(x * 1.1, layer, seed + layer));
    const crest =
      HORIZON -
      lift -
      0.05 * fbm(x * (3 + layer), layer * 7, seed + 20 + layer, 6) -
      0.03 * Math.max(0, 0.7 - x) * layer;
    const haze = blend(rgb('#3b4266'), rgb('#a4839e'), far);
    const rough = scale(
      haze,
      0.92 +
        0.2 * fbm(x * 24, (y - crest) * 40, seed + 30, 4) +
        0.5 * smoothstep(HORIZON - 0.03, HORIZON, y) * far,
    );
    colour = blend(colour, rough, smoothstep(crest - 0.001, crest + 0.001, y));
  }
  return colour;
}

/** Water mirrors the sky in facets that grow towards the viewer. */
function water(x: number, y: number, sunX: number, seed: number): Rgb {
  const depth = (y - HORIZON) / (1 - HORIZON);
  const distance = 1 / (depth + 0.03);
  const swell =
    fbm((x - 0.5) * distance * 6, distance * 26, seed + 60, 4) +
    0.4 * noise((x - 0.5) * distance * 30, distance * 90, seed + 61);
  const mirrored = clamp01(HORIZON - (y - HORIZON) * 0.9 - 0.12 * swell);
  const surface = scale(
    blend(sky(x + 0.02 * swell, mirrored, sunX, seed), rgb('#1d3350'), 0.35 + 0.4 * depth),
    0.85 + 0.3 * swell,
  );
  const path = Math.exp(-(((x - sunX) / (0.035 + 0.12 * depth)) ** 2)) * smoothstep(0.05, 0.55, swell + 0.25);
  const foam = smoothstep(0.72, 0.9, swell) * depth * 0.5;
  return add(add(surface, [1.2, 0.75, 0.4], path), [0.8, 0.8, 0.9], foam * 0.4);
}

/** Rocks and pines in front, almost black against the light; null where there is none. */
function headland(x: number, y: number, aspect: number, seed: number): Rgb | null {
  const rise = 0.34 * smoothstep(0.62, -0.05, x) + 0.16 * smoothstep(aspect - 0.4, aspect + 0.1, x);
  const ground = 1.02 - rise - 0.05 * fbm(x * 5, 2, seed + 70, 5);
  const tree = trees(x, y, ground, seed);
  if (y < ground && !tree) return null;
  const light =
    0.55 +
    0.5 * fbm(x * 40, y * 50, seed + 71, 4) +
    0.3 * (hash(Math.floor(x * 500), Math.floor(y * 500), seed) - 0.5);
  const rim = smoothstep(0.02, 0, y - ground) * 0.6;
  return scale(
    blend(rgb('#1c2430'), rgb('#5d4a52'), clamp01(rim + 0.3 * fbm(x * 14, y * 18, seed + 72, 4))),
    mix(0.35, 1, clamp01(light)),
  );
}

function trees(x: number, y: number, ground: number, seed: number): boolean {
  for (let i = -1; i <= 1; i++) {
    const cell = Math.floor(x / 0.045) + i;
    if (hash(cell, 1, seed) > 0.75 || cell * 0.045 > 0.52) continue;
    const middle = (cell + 0.2 + 0.6 * hash(cell, 2, seed)) * 0.045;
    const tall = 0.1 + 0.17 * hash(cell, 3, seed);
    const t = (y - (ground - tall)) / tall;
    if (t < 0 || t > 1.1) continue;
    const storey = 0.55 + 0.45 * ((t * 9 + hash(cell, 4, seed)) % 1);
    const half = (0.002 + 0.032 * t * storey) * (1 + 0.5 * noise(x * 220, y * 160, seed + 5));
    if (Math.abs(x - middle) < half * (t > 0.93 ? 0.12 : 1)) return true;
  }
  return false;
}
