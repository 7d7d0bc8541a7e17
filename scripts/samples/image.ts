/** Floating-point images in linear light, and the few operations the renderers share. */
import sharp from 'sharp';
import { clamp01, mix } from './random.ts';

/** Row-major, channels interleaved, linear light (1 is white) where the channels are colours. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** Linear-light red, green, blue. */
export type Rgb = readonly [number, number, number];

/** An array element that the caller's loop bounds prove to exist; 0 outside. */
export function at(values: Float32Array, index: number): number {
  return values[index] ?? 0;
}

export function createImage(width: number, height: number, channels = 3): Image {
  return { width, height, channels, data: new Float32Array(width * height * channels) };
}

/** Renders by calling `shade` at every pixel centre. */
export function paint(width: number, height: number, shade: (x: number, y: number) => Rgb): Image {
  const image = createImage(width, height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      image.data.set(shade(x, y), i);
    }
  }
  return image;
}

/** A colour written as the designer reads it, `#rrggbb` in sRGB, as linear light. */
export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [linear((value >> 16) & 255), linear((value >> 8) & 255), linear(value & 255)];
}

function linear(byte: number): number {
  const c = byte / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

/** IEC 61966-2-1 transfer curve: linear light to sRGB, both in [0, 1]. */
export function encodeSrgb(light: number): number {
  const c = clamp01(light);
  return c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055;
}

export function blend(a: Rgb, b: Rgb, t: number): Rgb {
  return [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)];
}

export function scale(a: Rgb, by: number): Rgb {
  return [a[0] * by, a[1] * by, a[2] * by];
}

/** a + b · by: light added on top, as for a highlight. */
export function add(a: Rgb, b: Rgb, by: number): Rgb {
  return [a[0] + b[0] * by, a[1] + b[1] * by, a[2] + b[2] * by];
}

/** Bilinear sample of one channel; pixel centres lie on whole numbers, the edge is repeated. */
export function sample(image: Image, x: number, y: number, channel: number): number {
  const { width, height, channels, data } = image;
  const cx = Math.min(Math.max(x, 0), width - 1);
  const cy = Math.min(Math.max(y, 0), height - 1);
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const x1 = Math.min(x0 + 1, width - 1);
  const y1 = Math.min(y0 + 1, height - 1);
  const top = mix(
    at(data, (y0 * width + x0) * channels + channel),
    at(data, (y0 * width + x1) * channels + channel),
    cx - x0,
  );
  const low = mix(
    at(data, (y1 * width + x0) * channels + channel),
    at(data, (y1 * width + x1) * channels + channel),
    cx - x0,
  );
  return mix(top, low, cy - y0);
}

/** Separable Gaussian blur, the edge repeated. `sigma` in pixels. */
export function blur(image: Image, sigma: number): Image {
  const radius = Math.ceil(sigma * 3);
  const kernel = Float32Array.from({ length: radius * 2 + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - radius) / sigma) ** 2),
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  const across = convolve(image, kernel, sum, radius, 1, 0);
  return convolve(across, kernel, sum, radius, 0, 1);
}

function convolve(
  image: Image,
  kernel: Float32Array,
  sum: number,
  radius: number,
  dx: number,
  dy: number,
): Image {
  const { width, height, channels } = image;
  const out = createImage(width, height, channels);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++, i++) {
        let total = 0;
        for (let k = -radius; k <= radius; k++) {
          const sx = Math.min(Math.max(x + k * dx, 0), width - 1);
          const sy = Math.min(Math.max(y + k * dy, 0), height - 1);
          total += at(kernel, k + radius) * at(image.data, (sy * width + sx) * channels + c);
        }
        out.data[i] = total / sum;
      }
    }
  }
  return out;
}

/** Averages 2 × 2 pixels in linear light: the second half of supersampling. */
export function halve(image: Image): Image {
  const { channels } = image;
  const out = createImage(image.width >> 1, image.height >> 1, channels);
  const row = image.width * channels;
  for (let y = 0, i = 0; y < out.height; y++) {
    for (let x = 0; x < out.width; x++) {
      for (let c = 0; c < channels; c++, i++) {
        const j = y * 2 * row + x * 2 * channels + c;
        const { data } = image;
        out.data[i] =
          (at(data, j) + at(data, j + channels) + at(data, j + row) + at(data, j + row + channels)) / 4;
      }
    }
  }
  return out;
}

/** Writes an sRGB JPEG without chroma subsampling. `quality` is libjpeg's, 1 to 100. */
export async function writeJpeg(image: Image, path: string, quality: number): Promise<void> {
  const { width, height } = image;
  const bytes = Uint8Array.from(image.data, (light) => Math.round(encodeSrgb(light) * 255));
  await sharp(bytes, { raw: { width, height, channels: 3 } })
    .jpeg({ quality, chromaSubsampling: '4:4:4' })
    .toFile(path);
}
