import { describe, expect, it } from 'vitest';
import {
  bundleScale,
  type CalibrationSamples,
  calibrate,
  MIN_SAMPLES,
  quantile,
  quantileBounds,
} from '../../../../src/core/retrieval/calibration.ts';

const bundle = {
  threshold: 0.7,
  inGalleryAccepted: 0.95,
  outOfGalleryAccepted: 0.02,
  outOfGallery: { p95: 0.65, p99: 0.72 },
  sameObject: 0.9,
  description: '',
};

/** `count` similarities evenly over a range. */
const spread = (low: number, high: number, count = 200) =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

const good: CalibrationSamples = {
  own: spread(0.85, 0.99),
  sameGallery: spread(0.6, 0.9),
  otherGalleries: spread(0.3, 0.68),
};

const accepted = (sample: readonly number[], threshold: number) =>
  sample.filter((similarity) => similarity >= threshold).length / sample.length;

describe('calibrate', () => {
  it('has no say with few samples, whatever they show', () => {
    const few = { own: spread(0.1, 0.2, 58), sameGallery: [], otherGalleries: spread(0.9, 0.99, 58) };
    expect(calibrate(few, bundle)).toBeNull();
    expect(MIN_SAMPLES).toBe(59);
  });

  it("keeps the bundle's threshold where the galleries do not contradict it", () => {
    const own = { ...good, sameGallery: spread(0.72, 0.9) };
    expect(calibrate(own, bundle)!.threshold).toBe(0.7);
  });

  it('is raised where too many strangers are accepted, and then rejects 95 % of them', () => {
    const alike = { ...good, sameGallery: spread(0.88, 0.95), otherGalleries: spread(0.5, 0.85) };
    const { threshold } = calibrate(alike, bundle)!;
    expect(threshold).toBeGreaterThan(0.8);
    expect(accepted(alike.otherGalleries, threshold)).toBeLessThanOrEqual(0.05);
    expect(accepted(alike.own, threshold)).toBeGreaterThanOrEqual(0.95);
  });

  it("is never raised so far that more than 5 % of the galleries' own things are lost", () => {
    const overlapping = { ...good, own: spread(0.75, 0.99), otherGalleries: spread(0.7, 0.99) };
    const { threshold } = calibrate(overlapping, bundle)!;
    expect(threshold).toBeGreaterThan(0.7);
    expect(accepted(overlapping.own, threshold)).toBeGreaterThanOrEqual(0.95);
  });

  it('is lowered where too many of its own are rejected, but not among strangers', () => {
    const strict = { ...bundle, threshold: 0.9 };
    const { threshold } = calibrate(good, strict)!;
    expect(threshold).toBeLessThan(0.9);
    expect(threshold).toBeGreaterThanOrEqual(bundle.outOfGallery.p95);
    expect(accepted(good.otherGalleries, threshold)).toBeLessThanOrEqual(0.05);
    expect(calibrate({ ...good, otherGalleries: spread(0.5, 0.88) }, strict)!.threshold).toBeGreaterThan(
      0.85,
    );
  });

  it('is lowered without knowing what strangers reach in general only where 1 % of its own are bounded', () => {
    const { outOfGallery: _, ...silent } = { ...bundle, threshold: 0.9 };
    const strangers = (count: number) => ({ ...good, otherGalleries: spread(0.3, 0.68, count) });
    expect(calibrate(strangers(298), silent)!.threshold).toBe(0.9);
    expect(calibrate(strangers(299), silent)!.threshold).toBeCloseTo(0.68);
  });

  it('puts its bounds in order', () => {
    for (const samples of [good, { ...good, otherGalleries: spread(0.5, 0.98) }]) {
      const { threshold, sameKind, sameObject } = calibrate(samples, bundle)!;
      expect(sameKind).toBeGreaterThanOrEqual(threshold);
      expect(sameObject).toBeGreaterThanOrEqual(sameKind);
    }
  });
});

describe('bundleScale', () => {
  it('knows no same object where the bundle was not measured', () => {
    expect(bundleScale(bundle)).toEqual({ threshold: 0.7, sameKind: 0.72, sameObject: 0.9 });
    expect(bundleScale({ threshold: 0.7, description: '' })).toEqual({
      threshold: 0.7,
      sameKind: 0.7,
      sameObject: null,
    });
  });
});

describe('quantileBounds', () => {
  it('are the tabled order statistics (59: the largest bounds the 95 % quantile)', () => {
    const ranks = (n: number, p: number) => quantileBounds(spread(1, n, n), p);
    expect(ranks(59, 0.95).upper).toBeCloseTo(59);
    expect(ranks(58, 0.95).upper).toBe(Number.POSITIVE_INFINITY);
    expect(ranks(93, 0.95).upper).toBeCloseTo(92);
    expect(ranks(299, 0.99).upper).toBeCloseTo(299);
    expect(ranks(59, 0.05).lower).toBeCloseTo(1);
    expect(ranks(58, 0.05).lower).toBe(Number.NEGATIVE_INFINITY);
  });

  it('hold in 95 of 100 samples', () => {
    let state = 7;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    let [above, below] = [0, 0];
    const runs = 2000;
    for (let run = 0; run < runs; run++) {
      const { lower, upper } = quantileBounds(Array.from({ length: 100 }, random), 0.95);
      if (upper >= 0.95) above++;
      if (lower <= 0.95) below++;
    }
    expect(above / runs).toBeGreaterThan(0.94);
    expect(below / runs).toBeGreaterThan(0.94);
    expect(above / runs).toBeLessThan(1);
  });
});

describe('quantile', () => {
  it('lies between neighbours', () => {
    expect(quantile([4, 1, 2, 3], 0.5)).toBe(2.5);
    expect([quantile([1, 2, 3], 0), quantile([1, 2, 3], 1), quantile([5], 0.3)]).toEqual([1, 3, 5]);
  });
});
