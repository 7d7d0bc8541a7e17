import sharp from 'sharp';
import { type Homography, type Point, project } from '../../src/core/alignment/homography.ts';
import type { RgbImage } from '../../src/core/photo/pixels.ts';

/** Reproducible numbers 0…1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A flat work of many shapes, nowhere like itself; another seed is another work. */
export async function work(seed: number, width = 800, height = 600): Promise<RgbImage> {
  const next = random(seed);
  const shapes = Array.from({ length: 320 }, () => {
    const colour = `rgb(${[0, 0, 0].map(() => Math.round(255 * next())).join(',')})`;
    const [x, y, a, b] = [next() * width, next() * height, 8 + next() * 60, 8 + next() * 60];
    const turn = `transform="rotate(${next() * 180} ${x} ${y})"`;
    return next() < 0.5
      ? `<rect x="${x}" y="${y}" width="${a}" height="${b}" fill="${colour}" ${turn}/>`
      : `<ellipse cx="${x}" cy="${y}" rx="${a / 2}" ry="${b / 2}" fill="${colour}" ${turn}/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#8a7f6d"/>${shapes.join('')}</svg>`;
  const data = await sharp(Buffer.from(svg)).removeAlpha().toColourspace('srgb').raw().toBuffer();
  return { data, width, height };
}

const WALL = [150, 155, 160] as const;

/** From pixels of a view to pixels of the work. */
export type ToWork = (x: number, y: number) => Point;

/** As of paper that is not flat: what a homography does, after places have moved sideways by up to `pixels`, twice to and fro. */
export function bent(toWork: Homography, width: number, pixels: number): ToWork {
  return (x, y) => project(toWork, x + pixels * Math.sin((4 * Math.PI * x) / width), y);
}

/** A view of a work on a grey wall, each pixel the mean of 4 × 4 samples. */
export function view(work: RgbImage, toWork: Homography | ToWork, width: number, height: number): RgbImage {
  const place: ToWork = typeof toWork === 'function' ? toWork : (x, y) => project(toWork, x, y);
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const sum = [0, 0, 0];
    for (let sample = 0; sample < 16; sample++) {
      const x = (i % width) + ((sample % 4) + 0.5) / 4 - 0.5;
      const y = Math.trunc(i / width) + (Math.trunc(sample / 4) + 0.5) / 4 - 0.5;
      const [u, v] = place(x, y).map(Math.round) as [number, number];
      const inside = u >= 0 && v >= 0 && u < work.width && v < work.height;
      for (let channel = 0; channel < 3; channel++) {
        sum[channel] =
          sum[channel]! + (inside ? work.data[(v * work.width + u) * 3 + channel]! : WALL[channel]!);
      }
    }
    for (let channel = 0; channel < 3; channel++) data[i * 3 + channel] = Math.round(sum[channel]! / 16);
  }
  return { data, width, height };
}

/** Uniform noise of up to ± `amount`. */
export function noisy(image: RgbImage, amount: number, seed = 7): RgbImage {
  const next = random(seed);
  const data = Uint8Array.from(image.data, (value) =>
    Math.min(255, Math.max(0, Math.round(value + (2 * next() - 1) * amount))),
  );
  return { ...image, data };
}

/** Writes an image in the format its name asks for, and returns the file. */
export async function writeImage(file: string, { data, width, height }: RgbImage): Promise<string> {
  await sharp(data, { raw: { width, height, channels: 3 } }).toFile(file);
  return file;
}

/** Luma of an image. */
export async function grey({ data, width, height }: RgbImage) {
  const pixels = await sharp(data, { raw: { width, height, channels: 3 } })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return { data: new Uint8Array(pixels), width, height };
}
