import sharp from 'sharp';
import { open } from '../photo/decode.ts';

/** Two of the strengths the embedded retriever was calibrated with: longer side in pixels, noise of 255, JPEG. */
const STRENGTHS = [
  { side: 256, noise: 10, quality: 60 },
  { side: 128, noise: 20, quality: 40 },
] as const;

/** How far the sides of what is seen, the colours and the light may be off. */
const FRAMING = 0.1;
const COLOUR = 0.12;
const LIGHT = 0.35;

/**
 * Makes of a good picture what a visitor's phone might: carelessly framed, uneven light, a colour cast, few
 * pixels, noise, JPEG. The same seed gives the same picture. A simpler sister of the training's simulator
 * (training/rasr_training/phone_shots.py), without perspective and walls.
 *
 * @param seed also decides between the strengths, in turn
 * @returns the bytes of a JPEG file
 * @throws Error from sharp where the file cannot be decoded
 */
export async function poorShot(file: string, seed: number): Promise<Buffer> {
  const random = randomNumbers(seed);
  const between = (low: number, high: number) => low + (high - low) * random();
  const { side, noise, quality } = STRENGTHS[seed % STRENGTHS.length]!;
  const { data, info } = await (await open(file))
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .resize(side, side, { fit: 'inside', kernel: 'cubic' })
    .blur(between(0.3, 1.2))
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const gains = Array.from({ length: 3 }, () => between(1 - COLOUR, 1 + COLOUR));
  const exposure = between(1 - LIGHT, 1 + LIGHT / 2);
  const [rampX, rampY] = [between(-LIGHT, LIGHT), between(-LIGHT, LIGHT)];
  for (let y = 0, at = 0; y < info.height; y++) {
    for (let x = 0; x < info.width; x++) {
      const light = exposure * (1 + rampX * (x / info.width - 0.5) + rampY * (y / info.height - 0.5));
      for (const gain of gains) {
        // Clamped by hand: typed arrays wrap around.
        const value = data[at]! * gain * light + noise * gaussian(random);
        data[at++] = Math.min(255, Math.max(0, value));
      }
    }
  }
  const width = Math.round(info.width * (1 - FRAMING * random()));
  const height = Math.round(info.height * (1 - FRAMING * random()));
  const left = Math.floor((info.width - width) * random());
  const top = Math.floor((info.height - height) * random());
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .extract({ left, top, width, height })
    .jpeg({ quality })
    .toBuffer();
}

/** Uniform numbers 0…1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b9);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A normally distributed number (Box and Muller). */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
