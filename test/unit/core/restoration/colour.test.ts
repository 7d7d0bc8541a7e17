import { describe, expect, it } from 'vitest';
import { followLowFrequencies } from '../../../../src/core/restoration/colour.ts';
import { averageDown, type Planar } from '../../../../src/core/restoration/tiles.ts';

function planar(
  width: number,
  height: number,
  valueAt: (x: number, y: number, channel: number) => number,
): Planar {
  const data = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const pixel = i % (width * height);
    return valueAt(pixel % width, Math.trunc(pixel / width), Math.trunc(i / (width * height)));
  });
  return { data, width, height };
}

const soft = (x: number, y: number, channel: number) =>
  0.5 + 0.2 * Math.sin(x / 37 + channel) + 0.1 * Math.cos(y / 29);
const detail = (x: number, y: number) => ((x + y) % 2 === 0 ? 0.1 : -0.1);
const CAST = [0.12, -0.07, 0.2] as const;

describe('followLowFrequencies', () => {
  it('removes a colour cast', () => {
    const input = planar(48, 40, soft);
    const output = planar(
      192,
      160,
      (x, y, channel) => soft((x - 1.5) / 4, (y - 1.5) / 4, channel) + CAST[channel]!,
    );
    followLowFrequencies(output, input);
    const seen = averageDown(output, 4);
    seen.data.forEach((value, i) => {
      if (Math.abs(value - input.data[i]!) > 0.01) throw new Error(`sample ${i}: ${value}, ${input.data[i]}`);
    });
    expect(seen.data).toHaveLength(input.data.length);
  });

  it.each([1, 2, 4])('keeps fine detail as it was at factor %i', (factor) => {
    const input = planar(32, 32, () => 0.5);
    const output = planar(32 * factor, 32 * factor, (x, y) => 0.5 + detail(x, y) + 0.15);
    followLowFrequencies(output, input);
    const width = 32 * factor;
    let contrast = 0;
    for (let i = 0; i + 1 < width; i++) contrast += Math.abs(output.data[i]! - output.data[i + 1]!);
    expect(contrast / (width - 1)).toBeGreaterThan(0.19);
    const mean = output.data.reduce((sum, value) => sum + value, 0) / output.data.length;
    expect(mean).toBeCloseTo(0.5, 2);
  });

  it('changes nothing where the output agrees with the photo already', () => {
    const input = planar(24, 24, soft);
    const output = planar(96, 96, (x, y, channel) => soft(Math.trunc(x / 4), Math.trunc(y / 4), channel));
    const before = output.data.slice();
    followLowFrequencies(output, input);
    output.data.forEach((value, i) => {
      if (Math.abs(value - before[i]!) > 1e-5) throw new Error(`sample ${i} moved`);
    });
    expect(before).toHaveLength(output.data.length);
  });

  it('corrects neighbouring tiles alike where they are blended', () => {
    // Two tiles of 64 that overlap by 16, the generator's cast drifting over the whole picture.
    const cast = (x: number, y: number) => 0.1 * Math.sin(x / 50) + 0.05 * Math.cos(y / 70);
    const tile = (left: number) => {
      const input = planar(64, 64, (x, y, channel) => soft(x + left, y, channel));
      const output = planar(256, 256, (x, y, channel) => {
        const [px, py] = [(x - 1.5) / 4 + left, (y - 1.5) / 4];
        return soft(px, py, channel) + cast(px, py);
      });
      followLowFrequencies(output, input);
      return output;
    };
    const [first, second] = [tile(0), tile(48)];
    let worst = 0;
    // The middle half of the overlap is where both count.
    for (let y = 0; y < 256; y++) {
      for (let x = 52 * 4; x < 60 * 4; x++) {
        const a = first.data[y * 256 + x]!;
        const b = second.data[y * 256 + x - 48 * 4]!;
        worst = Math.max(worst, Math.abs(a - b));
      }
    }
    expect(worst).toBeLessThan(2 / 255);
  });

  it('handles pictures smaller than its window', () => {
    const output = planar(4, 4, () => 0.9);
    followLowFrequencies(
      output,
      planar(1, 1, () => 0.3),
    );
    output.data.forEach((value) => {
      expect(value).toBeCloseTo(0.3, 5);
    });
  });
});
