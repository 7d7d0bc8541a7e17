import { type Samples, sampleMaximum } from '../photo/photo.ts';

/**
 * How well the output agrees with the photo: PSNR in dB between the photo and the output averaged down
 * to the photo's size. Noise that was removed counts against it, so 30 dB is faithful and
 * 20 dB means that something else was drawn.
 *
 * @param output interleaved RGB, `scale` times the photo's size
 * @param photo interleaved RGB, width × height
 * @returns dB, at most 99
 */
export function fidelity(
  output: Samples,
  photo: Samples,
  width: number,
  height: number,
  scale: number,
): number {
  const toUnitOutput = 1 / (sampleMaximum(output) * scale * scale);
  const toUnitPhoto = 1 / sampleMaximum(photo);
  let squares = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let dy = 0; dy < scale; dy++) {
          for (let dx = 0; dx < scale; dx++) {
            sum += output[((y * scale + dy) * width * scale + x * scale + dx) * 3 + channel]!;
          }
        }
        const difference = sum * toUnitOutput - photo[(y * width + x) * 3 + channel]! * toUnitPhoto;
        squares += difference * difference;
      }
    }
  }
  const mse = squares / (width * height * 3);
  return mse > 0 ? Math.min(99, -10 * Math.log10(mse)) : 99;
}
