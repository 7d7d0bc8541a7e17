import { describe, expect, it } from 'vitest';
import { type Alignment, refineFit } from '../../../../src/core/alignment/alignment.ts';
import { type DisplacementField, isSure } from '../../../../src/core/alignment/displacement.ts';
import { describePhoto, describeReference } from '../../../../src/core/alignment/features.ts';
import {
  chain,
  type Homography,
  type Point,
  project,
  resizing,
} from '../../../../src/core/alignment/homography.ts';
import { loadOpenCv } from '../../../../src/core/alignment/opencv.ts';
import { fitPlane } from '../../../../src/core/alignment/planar.ts';
import type { GreyImage } from '../../../../src/core/photo/pixels.ts';
import { bent, grey, noisy, type ToWork, view, work } from '../../../support/scene.ts';

const cv = await loadOpenCv();
const [WIDTH, HEIGHT] = [240, 180];
/** Hand-held, with some wall around the work: from pixels of the photo to pixels of the work. */
const toWork: Homography = [3.9, 0.25, -95, -0.2, 4.0, -75, 1e-4, 2e-4, 1];

const shown = await work(1);
const photo = await grey(noisy(view(shown, toWork, WIDTH, HEIGHT), 25));
const reference = await grey(shown);
const otherWork = await grey(await work(2));

/** Largest distance, in pixels of the work, between where the two put points of the photo's middle. */
function distance(a: Homography, b: Homography): number {
  let largest = 0;
  for (let y = 40; y <= HEIGHT - 40; y += 20) {
    for (let x = 40; x <= WIDTH - 40; x += 20) {
      const [u, v] = [project(a, x, y), project(b, x, y)];
      largest = Math.max(largest, Math.hypot(u[0] - v[0], u[1] - v[1]));
    }
  }
  return largest;
}

/** All steps, one after the other. */
function align(photo: GreyImage, reference: GreyImage): Alignment | null {
  const fit = fitPlane(cv, describePhoto(cv, photo), describeReference(cv, reference));
  return fit && refineFit(cv, photo, reference, fit);
}

describe('a photo and a reference', () => {
  it('are laid on each other where the photo is noisy and tilted, to a quarter of a pixel of the photo', () => {
    const found = align(photo, reference);
    expect(distance(found!.homography, toWork)).toBeLessThan(1);
    expect(found!.correlation).toBeGreaterThan(0.8);
    expect(found!.inliers).toBeGreaterThan(40);
  });

  it('lie at least twice as near to the truth when refined as by their features alone', () => {
    const fit = fitPlane(cv, describePhoto(cv, photo), describeReference(cv, reference));
    const [seen, worked] = [640 / WIDTH, 640 / shown.width];
    const byFeatures = chain(resizing(seen), fit!.homography, resizing(1 / worked));
    const refined = refineFit(cv, photo, reference, fit!)!.homography;
    expect(distance(refined, toWork)).toBeLessThan(distance(byFeatures, toWork) / 2);
  });

  it('are laid no less exactly where the light falls from one side', () => {
    const data = photo.data.map((value, i) => value * (1 - (0.75 * (i % WIDTH)) / WIDTH));
    expect(distance(align({ ...photo, data }, reference)!.homography, toWork)).toBeLessThan(0.4);
  });

  it('do not fit where the reference shows something else', () => {
    expect(align(photo, otherWork)).toBeNull();
  });

  it('are told apart after all where features agree by chance', () => {
    const fit = fitPlane(cv, describePhoto(cv, photo), describeReference(cv, reference));
    expect(refineFit(cv, photo, otherWork, fit!)).toBeNull();
  });

  it('fit where a visitor covers a third of the work', () => {
    const data = photo.data.slice();
    for (let i = 0; i < data.length; i++) if (i % WIDTH > (WIDTH * 2) / 3) data[i] = 40;
    const found = align({ ...photo, data }, reference);
    expect(distance(found!.homography, toWork)).toBeLessThan(2);
  });

  it('fit where the middle third of the reference is hidden', () => {
    const data = reference.data.slice();
    const { width } = reference;
    for (let i = 0; i < data.length; i++) {
      if (i % width > width / 3 && i % width < (2 * width) / 3) data[i] = otherWork.data[i]!;
    }
    const found = align(photo, { ...reference, data });
    expect(distance(found!.homography, toWork)).toBeLessThan(2);
  });

  it.each<[string, GreyImage]>([
    ['a plain photo', { data: new Uint8Array(WIDTH * HEIGHT).fill(128), width: WIDTH, height: HEIGHT }],
    ['a photo of one pixel', { data: Uint8Array.of(7), width: 1, height: 1 }],
    ['a photo of one line', { data: new Uint8Array(300), width: 300, height: 1 }],
  ])('do not fit where one is %s', (_name, blank) => {
    expect(align(blank, reference)).toBeNull();
    expect(align(photo, blank)).toBeNull();
  });
});

/** Where an alignment puts a point of the photo. */
function placed({ homography, displacement }: Alignment, x: number, y: number): Point {
  const [right, down] = displacement === null ? [0, 0] : displacedAt(displacement, x / WIDTH, y / HEIGHT);
  return project(homography, x + right * WIDTH, y + down * HEIGHT);
}

function displacedAt({ columns, rows, x: right, y: down }: DisplacementField, x: number, y: number): Point {
  const cell = Math.trunc(y * rows) * columns + Math.trunc(x * columns);
  return [right[cell]!, down[cell]!];
}

/** Mean distance, in pixels of the work, between where an alignment and the truth put points of the photo's middle. */
function meanDistance(alignment: Alignment, truth: ToWork): number {
  const distances: number[] = [];
  for (let y = 40; y <= HEIGHT - 40; y += 10) {
    for (let x = 40; x <= WIDTH - 40; x += 10) {
      const [u, v] = [placed(alignment, x, y), truth(x, y)];
      distances.push(Math.hypot(u[0] - v[0], u[1] - v[1]));
    }
  }
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

describe('what a homography leaves', () => {
  const toBentWork = bent(toWork, WIDTH, 2);

  it('is nothing where the work is flat', () => {
    expect(align(photo, reference)!.displacement).toBeNull();
  });

  it('is followed where it is not, to half a pixel of the photo', async () => {
    const found = align(await grey(noisy(view(shown, toBentWork, WIDTH, HEIGHT), 15)), reference)!;
    const onlyFlat = meanDistance({ ...found, displacement: null }, toBentWork);
    expect(onlyFlat).toBeGreaterThan(6);
    expect(meanDistance(found, toBentWork)).toBeLessThan(2);
    expect(isSure(found.displacement!, 0.5, 0.5)).toBe(true);
  });

  it('is less sure where the photo shows something else', async () => {
    const [seen, other] = [
      await grey(noisy(view(shown, toBentWork, WIDTH, HEIGHT), 15)),
      await grey(noisy(view(await work(3), toBentWork, WIDTH, HEIGHT), 15)),
    ];
    const hidden = (i: number) => i % WIDTH > WIDTH * 0.65;
    const data = seen.data.map((value, i) => (hidden(i) ? other.data[i]! : value));
    const { columns, sureness } = align({ ...seen, data }, reference)!.displacement!;
    const share = (from: number, to: number) => {
      const within = sureness.filter((_, i) => i % columns >= from * columns && i % columns < to * columns);
      return within.filter((value) => value >= 0.5).length / within.length;
    };
    expect(share(0.2, 0.6)).toBeGreaterThan(0.7);
    expect(share(0.7, 0.9)).toBeLessThan(share(0.2, 0.6) - 0.1);
  });

  it('is everything beyond the features where the photo cannot be one view of it', async () => {
    // The plane of the work reaches its horizon within the photo, behind the wall.
    const steep: Homography = [4, 0, 0, 0, 4, -20, -0.0025, 0, 1];
    const found = align(await grey(noisy(view(shown, steep, WIDTH, HEIGHT), 15)), reference)!;
    expect(isSure(found.displacement!, 0.25, 0.5)).toBe(true);
    expect(isSure(found.displacement!, 0.9, 0.5)).toBe(false);
  });
});
