/** What a hand-held phone makes of a scene: projection, light, optics, sensor and file. */
import sharp from 'sharp';
import { at, blur, createImage, encodeSrgb, type Image, sample } from './image.ts';
import { mix, Random, smoothstep } from './random.ts';

/** One exposure. Positions and lengths are shares of the picture's width unless said otherwise. */
export interface Shot {
  readonly width: number;
  readonly height: number;
  /** Width of the scene that the picture's middle spans, as a share of the scene's width. */
  readonly field: number;
  /** Roll in radians; tilts are how much nearer the right (lower) edge is than the left (upper). */
  readonly roll: number;
  readonly tiltX: number;
  readonly tiltY: number;
  /** Gain over the whole picture and its fall from the bright to the dark side. */
  readonly exposure: number;
  readonly fall: number;
  /** Direction of the bright side, radians; y grows downwards. */
  readonly brightSide: number;
  readonly whiteBalance: readonly [number, number, number];
  /** A lamp's reflection: position, radius, strength in linear light. */
  readonly glare: {
    readonly x: number;
    readonly y: number;
    readonly radius: number;
    readonly strength: number;
  };
  /** Defocus as Gaussian sigma, and hand shake along `shakeDirection`, both in pixels. */
  readonly defocus: number;
  readonly shake: number;
  readonly shakeDirection: number;
  /** Standard deviation of read noise in linear light; photon noise follows from it. */
  readonly noise: number;
  /** libjpeg quality with 4:2:0 chroma, 1 to 100. */
  readonly quality: number;
  readonly seed: number;
}

const SUPERSAMPLES = 3;

/** Photographs a flat scene (linear light) and writes the JPEG. */
export async function photograph(scene: Image, shot: Shot, path: string): Promise<void> {
  const seen = shake(blur(project(scene, shot), shot.defocus), shot);
  const { width, height } = shot;
  await sharp(develop(seen, shot), { raw: { width, height, channels: 3 } })
    .jpeg({ quality: shot.quality, chromaSubsampling: '4:2:0' })
    .toFile(path);
}

/** Perspective view of the scene's plane with uneven light and glare. */
function project(scene: Image, shot: Shot): Image {
  const { width, height } = shot;
  const out = createImage(width, height);
  const cos = Math.cos(shot.roll) * shot.field;
  const sin = Math.sin(shot.roll) * shot.field;
  const light: [number, number] = [Math.cos(shot.brightSide), Math.sin(shot.brightSide)];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      const px = (x + 0.5 - width / 2) / width;
      const py = (y + 0.5 - height / 2) / width;
      const slope = px * light[0] + py * light[1];
      const vignette = 1 - 0.55 * (px * px + py * py);
      const gain = shot.exposure * vignette * (1 + shot.fall * slope);
      const from = Math.hypot(px - shot.glare.x, (py - shot.glare.y) * 1.5) / shot.glare.radius;
      const glare = shot.glare.strength * smoothstep(1, 0, from) ** 2;
      for (let s = 0; s < SUPERSAMPLES * SUPERSAMPLES; s++) {
        const qx = px + ((s % SUPERSAMPLES) + 0.5 - SUPERSAMPLES / 2) / SUPERSAMPLES / width;
        const qy = py + (Math.floor(s / SUPERSAMPLES) + 0.5 - SUPERSAMPLES / 2) / SUPERSAMPLES / width;
        const depth = 1 + shot.tiltX * qx + shot.tiltY * qy;
        const sx = scene.width / 2 + ((qx * cos - qy * sin) / depth) * scene.width;
        const sy = scene.height / 2 + ((qx * sin + qy * cos) / depth) * scene.width;
        for (let c = 0; c < 3; c++) {
          out.data[i + c] = at(out.data, i + c) + sample(scene, sx, sy, c) / SUPERSAMPLES ** 2;
        }
      }
      for (let c = 0; c < 3; c++) {
        out.data[i + c] = at(out.data, i + c) * gain * (shot.whiteBalance[c] ?? 1) + glare;
      }
    }
  }
  return out;
}

/** Hand shake: the mean of the picture along a short straight path. */
function shake(image: Image, shot: Shot): Image {
  if (shot.shake === 0) return image;
  const { width, height } = image;
  const out = createImage(width, height);
  const steps = 9;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++, i++) {
        let sum = 0;
        for (let s = 0; s < steps; s++) {
          const t = (s / (steps - 1) - 0.5) * shot.shake;
          sum += sample(
            image,
            x + t * Math.cos(shot.shakeDirection),
            y + t * Math.sin(shot.shakeDirection),
            c,
          );
        }
        out.data[i] = sum / steps;
      }
    }
  }
  return out;
}

/** Sensor noise (grain coarser in colour than in light, as denoised phone pictures have it), lifted blacks, sRGB. */
function develop(image: Image, shot: Shot): Uint8Array {
  const { width, height } = image;
  const random = new Random(shot.seed);
  const blotches = createImage(width, height);
  for (let i = 0; i < blotches.data.length; i++) blotches.data[i] = random.gauss();
  const coarse = blur(blotches, 1.1);
  const bytes = new Uint8Array(width * height * 3);
  for (let i = 0; i < bytes.length; i++) {
    const light = at(image.data, i);
    const deviation = Math.sqrt(shot.noise ** 2 + 0.25 * shot.noise * Math.max(light, 0) * 0.12);
    const grain = 0.55 * random.gauss() + 1.6 * at(coarse.data, i);
    bytes[i] = Math.round(encodeSrgb(mix(0.006, 1, light) + deviation * grain) * 255);
  }
  return bytes;
}
