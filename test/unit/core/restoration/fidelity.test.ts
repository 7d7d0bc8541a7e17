import { describe, expect, it } from 'vitest';
import { fidelity } from '../../../../src/core/restoration/fidelity.ts';

const photo = Uint8Array.from({ length: 4 * 3 * 3 }, (_, i) => (i * 37) % 256);

/** Repeats each pixel `scale` times in both directions. */
function enlarge(samples: Uint8Array, width: number, height: number, scale: number): Uint8Array {
  return Uint8Array.from({ length: samples.length * scale * scale }, (_, i) => {
    const [pixel, channel] = [Math.trunc(i / 3), i % 3];
    const x = Math.trunc((pixel % (width * scale)) / scale);
    const y = Math.trunc(pixel / (width * scale) / scale);
    return y < height ? samples[(y * width + x) * 3 + channel]! : 0;
  });
}

describe('fidelity', () => {
  it.each([1, 2, 4])('is perfect where the output averages down to the photo, at ×%i', (scale) => {
    expect(fidelity(enlarge(photo, 4, 3, scale), photo, 4, 3, scale)).toBe(99);
  });

  it('is the PSNR of a known difference', () => {
    const brighter = Uint8Array.from(photo, (value) => Math.min(255, value));
    const grey = new Uint8Array(36).fill(100);
    expect(fidelity(new Uint8Array(36).fill(110), grey, 4, 3, 1)).toBeCloseTo(20 * Math.log10(25.5), 6);
    expect(fidelity(brighter, photo, 4, 3, 1)).toBe(99);
  });

  it('compares 16 bit with 8 bit at their own scales', () => {
    const deep = Uint16Array.from(photo, (value) => value * 257);
    expect(fidelity(deep, photo, 4, 3, 1)).toBe(99);
  });

  it('falls as the output departs from the photo', () => {
    const depart = (by: number) =>
      fidelity(new Uint8Array(36).fill(100 + by), new Uint8Array(36).fill(100), 4, 3, 1);
    expect(depart(1)).toBeGreaterThan(depart(5));
    expect(depart(5)).toBeGreaterThan(depart(50));
  });

  it('ignores detail finer than a pixel of the photo', () => {
    const grey = new Uint8Array(36).fill(128);
    const textured = Uint8Array.from({ length: 36 * 4 }, (_, i) => (Math.trunc(i / 3) % 2 === 0 ? 78 : 178));
    expect(fidelity(textured, grey, 4, 3, 2)).toBe(99);
  });
});
