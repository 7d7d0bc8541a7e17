/** Rooms for the sample objects: a picture in a frame on a wall, as a visitor sees it. */
import { add, at, blend, type Image, paint, type Rgb, rgb, scale } from './image.ts';
import { fbm, hash, noise, smoothstep } from './random.ts';

/** What surrounds an object. Widths in pixels of the object. */
export interface Setting {
  readonly wall: string;
  readonly frame: string;
  readonly frameWidth: number;
  readonly wallWidth: number;
  readonly seed: number;
}

/** Hangs an object in a frame on a wall. @returns the object with frame and wall around it, linear light */
export function hang(object: Image, setting: Setting): Image {
  const border = setting.frameWidth + setting.wallWidth;
  const width = object.width + 2 * border;
  const height = object.height + 2 * border;
  return paint(width, height, (x, y) => {
    const insideX = Math.min(x - border, border + object.width - 1 - x);
    const insideY = Math.min(y - border, border + object.height - 1 - y);
    const inside = Math.min(insideX, insideY);
    if (inside >= 0) {
      const i = ((y - border) * object.width + x - border) * 3;
      const recess = 0.55 + 0.45 * smoothstep(0, 22, Math.min(x - border, y - border));
      return scale([at(object.data, i), at(object.data, i + 1), at(object.data, i + 2)], recess);
    }
    return -inside <= setting.frameWidth
      ? moulding(x, y, insideX < insideY, -inside, setting)
      : wall(x, y, -inside, setting);
  });
}

/** Wood, its grain along each side, with a rounded profile. */
function moulding(x: number, y: number, upright: boolean, out: number, setting: Setting): Rgb {
  const [along, across] = upright ? [y, x] : [x, y];
  const grain =
    0.22 * fbm(along / 90, across / 4, setting.seed, 4) +
    0.1 * noise(along / 30, across / 1.6, setting.seed + 1);
  const t = out / setting.frameWidth;
  const profile = 0.62 + 0.5 * Math.sin(t * Math.PI) - 0.35 * smoothstep(0.1, 0, Math.abs(t - 0.26));
  const shine = 0.08 * smoothstep(0.12, 0, Math.abs(t - 0.62));
  return add(scale(rgb(setting.frame), (1 + grain) * profile), [1, 0.96, 0.9], shine);
}

function wall(x: number, y: number, out: number, setting: Setting): Rgb {
  const plaster = 0.05 * fbm(x / 14, y / 14, setting.seed + 3, 4) + 0.03 * (hash(x, y, setting.seed) - 0.5);
  const shadow = 0.5 * Math.exp(-(out - setting.frameWidth) / 22);
  return blend(scale(rgb(setting.wall), 1 + plaster), [0.02, 0.02, 0.02], shadow);
}
