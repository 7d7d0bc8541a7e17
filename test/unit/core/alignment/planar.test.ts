import { describe, expect, it } from 'vitest';
import { type Homography, project } from '../../../../src/core/alignment/homography.ts';
import { loadOpenCv } from '../../../../src/core/alignment/opencv.ts';
import {
  describePhoto,
  describeReference,
  fitPlane,
  type PlanarAlignment,
  refineFit,
} from '../../../../src/core/alignment/planar.ts';
import type { GreyImage } from '../../../../src/core/photo/pixels.ts';
import { grey, noisy, view, work } from '../../../support/scene.ts';

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
function align(photo: GreyImage, reference: GreyImage): PlanarAlignment | null {
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
