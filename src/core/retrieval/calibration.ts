import type { RetrieverManifest } from '../models/manifest.ts';
import type { SimilarityScale } from './closeness.ts';

/** Similarities of poor photos of references to what a library holds; one number a photo in each list. */
export interface CalibrationSamples {
  /** To the very reference the photo shows. */
  readonly own: readonly number[];
  /** To the best other reference of its gallery. */
  readonly sameGallery: readonly number[];
  /** To the best reference of the other galleries: what the photo would find if its own gallery were not there. */
  readonly otherGalleries: readonly number[];
}

/**
 * Photos needed before the galleries have a say: from 59 on, the largest of them bounds the 95 % quantile with
 * 95 % confidence (0.95^59 < 0.05; Wilks 1941), and with fewer nothing does.
 */
export const MIN_SAMPLES = 59;

/** Share of photos of things the galleries hold that must be accepted, and of others that must be rejected. */
const KEPT = 0.95;
const CONFIDENCE = 0.95;

/** What a bundle's own calibration says, for a library that cannot say more. */
export function bundleScale({ threshold, sameObject, outOfGallery }: BundleCalibration): SimilarityScale {
  return {
    threshold,
    sameKind: Math.max(threshold, outOfGallery?.p99 ?? threshold),
    sameObject: sameObject ?? null,
  };
}

/**
 * Corrects a bundle's calibration by a library's own galleries. The threshold is moved only where the samples
 * show with 95 % confidence that it misses a goal, and never below what 5 % of strangers exceed, in the
 * library or in the bundle's own calibration; where the bundle has none, below what 1 % of the library's
 * do (docs/decisions/0009).
 *
 * @returns null where there are too few samples
 */
export function calibrate(samples: CalibrationSamples, bundle: BundleCalibration): SimilarityScale | null {
  const { own, sameGallery, otherGalleries } = samples;
  if (own.length < MIN_SAMPLES || otherGalleries.length < MIN_SAMPLES) return null;
  const kinds = sameGallery.length >= MIN_SAMPLES ? sameGallery : own;
  const threshold =
    tightened(bundle.threshold, own, kinds, otherGalleries) ?? loosened(bundle, kinds, otherGalleries);
  const strangers = quantile(otherGalleries, 0.99);
  const sameKind = Math.max(threshold, strangers, bundle.outOfGallery?.p99 ?? threshold);
  const objects = sameGallery.length >= MIN_SAMPLES ? quantile(sameGallery, KEPT) : bundle.sameObject;
  return { threshold, sameKind, sameObject: objects === undefined ? null : Math.max(objects, sameKind) };
}

type BundleCalibration = RetrieverManifest['calibration'];

/** Where too many strangers are accepted: what 5 % of them exceed at most, as far as the gallery's own are kept. */
function tightened(
  threshold: number,
  own: readonly number[],
  kinds: readonly number[],
  strangers: readonly number[],
): number | undefined {
  const { lower, upper: wanted } = quantileBounds(strangers, KEPT);
  if (lower <= threshold) return undefined;
  const ofKind = quantile(kinds, 1 - KEPT);
  return Math.max(threshold, Math.min(wanted, ofKind >= wanted ? ofKind : quantile(own, 1 - KEPT)));
}

/** Where too many of the gallery's own are rejected: what 95 % of them exceed, as far as strangers allow. */
function loosened(
  { threshold, outOfGallery }: BundleCalibration,
  kinds: readonly number[],
  strangers: readonly number[],
): number {
  if (quantileBounds(kinds, 1 - KEPT).upper >= threshold) return threshold;
  const floor =
    outOfGallery === undefined
      ? quantileBounds(strangers, 0.99).upper
      : Math.max(outOfGallery.p95, quantileBounds(strangers, KEPT).upper);
  return Math.min(threshold, Math.max(quantile(kinds, 1 - KEPT), floor));
}

/** The value that a share `p` of the sample does not exceed, between neighbours in proportion. */
export function quantile(sample: readonly number[], p: number): number {
  const sorted = sample.toSorted((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}

/**
 * One-sided 95 % confidence bounds of a quantile, whatever the distribution: of n draws the number below
 * the quantile is binomial (n, p). A bound that so few draws cannot give is infinite.
 */
export function quantileBounds(sample: readonly number[], p: number): { lower: number; upper: number } {
  const sorted = sample.toSorted((a, b) => a - b);
  const n = sorted.length;
  let cumulative = 0;
  let lower = Number.NEGATIVE_INFINITY;
  let upper = Number.POSITIVE_INFINITY;
  let logChoose = 0;
  for (let below = 0; below <= n; below++) {
    // P(at most `below` draws lie under the quantile).
    cumulative += Math.exp(logChoose + below * Math.log(p) + (n - below) * Math.log1p(-p));
    if (cumulative <= 1 - CONFIDENCE && below < n) lower = sorted[below]!;
    if (cumulative >= CONFIDENCE && below < n && upper === Number.POSITIVE_INFINITY) upper = sorted[below]!;
    logChoose += Math.log(n - below) - Math.log(below + 1);
  }
  return { lower, upper };
}
