import { afterAll, describe, expect, it } from 'vitest';
import type { DisplacementField } from '../../../../src/core/alignment/displacement.ts';
import { type Homography, resizing, translation } from '../../../../src/core/alignment/homography.ts';
import { loadOpenCv } from '../../../../src/core/alignment/opencv.ts';
import { type LaidPicture, layPicture } from '../../../../src/core/alignment/warp.ts';
import { gradient, paint } from '../../../support/pictures.ts';

const cv = await loadOpenCv();
const [WIDTH, HEIGHT] = [32, 24];
const PLANE = WIDTH * HEIGHT;
const data = paint(WIDTH, HEIGHT, gradient);

const laid: LaidPicture[] = [];
afterAll(() => {
  for (const picture of laid) picture.release();
});

/** What an output as large as the picture shows of it. */
function see(toPicture: Homography, displacement: DisplacementField | null = null, left = 0, width = WIDTH) {
  const picture = { data, width: WIDTH, height: HEIGHT };
  laid.push(layPicture(cv, picture, { width: WIDTH, height: HEIGHT, toPicture, displacement }));
  return laid.at(-1)!.warp({ left, top: 0, width, height: HEIGHT }, 4);
}

/** Of one value throughout. */
function field(
  change: { x?: number; y?: number; sureness?: (column: number) => number } = {},
): DisplacementField {
  const [columns, rows] = [8, 6];
  const fill = (of: (column: number) => number) =>
    Float32Array.from({ length: columns * rows }, (_, i) => of(i % columns));
  const { x = 0, y = 0, sureness = () => 1 } = change;
  return { columns, rows, x: fill(() => x), y: fill(() => y), sureness: fill(sureness) };
}

describe('a picture that lies on an output', () => {
  it.each<[string, DisplacementField | null]>([
    ['a homography', null],
    ['a homography and a displacement that moves nothing', field()],
  ])('gives itself where nothing moves, as planes from 0 to 1, through %s', (_name, displacement) => {
    const seen = see(resizing(1), displacement);
    for (let i = 0; i < PLANE; i++) {
      for (let channel = 0; channel < 3; channel++) {
        expect(seen.data[channel * PLANE + i]).toBeCloseTo(data[i * 3 + channel]! / 255, 6);
      }
    }
    expect([...seen.coverage]).toEqual(Array(PLANE / 16).fill(1));
  });

  it('leaves what is beyond it black and uncovered', () => {
    const seen = see(translation(-10, 0));
    expect(seen.data[0]).toBe(0);
    expect(seen.data[9]).toBe(0);
    expect(seen.data[10]).toBeCloseTo(data[0]! / 255, 6);
    // Ten columns are two cells and a half.
    expect([...seen.coverage.slice(0, 4)]).toEqual([0, 0, 0.5, 1]);
  });

  it('covers nothing where it is elsewhere', () => {
    const seen = see(translation(1000, 1000));
    expect(seen.coverage.some((share) => share > 0)).toBe(false);
  });

  it('is moved by shares of the output, before the homography', () => {
    // A quarter of the width is 8 pixels.
    const moved = see(resizing(0.5), field({ x: 0.25 }));
    const expected = see(resizing(0.5), null, 8);
    expect(moved.data.slice(0, 12)).toEqual(expected.data.slice(0, 12));
  });

  it('covers nothing where the displacement is not sure', () => {
    const { coverage, data: seen } = see(resizing(1), field({ sureness: (column) => (column < 4 ? 0 : 1) }));
    expect([...coverage.slice(0, 8)].map(Math.round)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect(seen[0]).toBe(0);
  });

  it('shows in a window what it shows there in the whole', () => {
    const wave = { ...field(), x: Float32Array.from({ length: 48 }, (_, i) => Math.sin(i) / 30) };
    for (const displacement of [null, wave]) {
      const whole = see([1.1, 0.02, 1, -0.03, 0.9, 2, 0, 1e-3, 1], displacement);
      const window = see([1.1, 0.02, 1, -0.03, 0.9, 2, 0, 1e-3, 1], displacement, 12, 16);
      for (let x = 0; x < 16; x++)
        expect(window.data[5 * 16 + x]).toBeCloseTo(whole.data[5 * WIDTH + x + 12]!, 2);
    }
  });
});
