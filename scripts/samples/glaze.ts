/** Fired clay: the surface of glazed tiles and straps. */
import { type Rgb, scale } from './image.ts';
import { cellular, fbm, hash, mix, noise, smoothstep } from './random.ts';

/** Glaze: pooled and thinned in clouds, speckled, crazed with fine cracks. `lot` in [0, 1) is one firing's luck. */
export function glazed(base: Rgb, x: number, y: number, lot: number, seed: number, crazing: number): Rgb {
  const pool = 0.2 * fbm(x / 22 + lot * 50, y / 22, seed, 4) + 0.26 * (lot - 0.5);
  const grain = 0.07 * (hash(x, y, seed) - 0.5) + 0.1 * noise(x / 2.1, y / 2.1, seed + 2);
  const speck = hash(Math.floor(x / 2), Math.floor(y / 2), 77) > 0.987 ? -0.3 : 0;
  const bent = 3 * noise(x / 11, y / 11, seed + 4);
  const crack = cellular((x + bent) / 15 + lot * 31, (y - bent) / 15, 19, 1);
  const line =
    crazing * 0.24 * smoothstep(0.07, 0.015, crack.second - crack.first) * smoothstep(0.25, 0.7, lot);
  const tone = scale(base, 1 + pool + grain + speck - line);
  return [tone[0] * (1 + 0.12 * (lot - 0.5)), tone[1], tone[2] * (1 - 0.14 * (lot - 0.5))];
}

/**
 * Broad reflection of a window from the direction `light`, broken tile by tile because no two are set quite
 * level. x and y as shares of the panel's width; `lot` is the tile's own, 0.5 for a strap.
 */
export function sheen(x: number, y: number, lot: number, light: number, seed: number): number {
  const band = x * Math.cos(light) + y * Math.sin(light) + 0.5 * (lot - 0.5);
  const wave = Math.sin(band * 7 + 1.4 * noise(x * 12, y * 12, seed + 41));
  return 0.075 * mix(0.3, 1, smoothstep(0.2, 1, wave)) * smoothstep(-0.2, 1, wave);
}

/** How far the glaze has broken off an edge, pixels. */
export function chip(x: number, y: number, seed: number): number {
  return 3.4 * smoothstep(0.5, 0.8, fbm(x / 13, y / 13, seed + 51, 3)) + 0.1;
}
