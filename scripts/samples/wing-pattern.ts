/** The colours of butterfly wings, composed as in Nijhout's "nymphalid ground plan" (1991): ground, bands, borders, eyes. */
import { blend, type Rgb, rgb, scale } from './image.ts';
import { clamp01, fbm, noise, smoothstep } from './random.ts';
import type { WingPlan, WingPoint } from './wing-shape.ts';

type Which = 'fore' | 'hind';

export interface Band {
  readonly wing: Which | 'both';
  /** Middle and half width as reach, 0 at the hinge, 1 at the margin. */
  readonly at: number;
  readonly half: number;
  readonly colour: string;
  /** Only between these turns, 0 leading to 1 trailing edge. */
  readonly from?: number;
  readonly to?: number;
}

export interface Eye {
  readonly wing: Which;
  readonly turn: number;
  readonly reach: number;
  /** Outer radius, wing lengths. */
  readonly radius: number;
  /** Rings from outside in. */
  readonly rings: readonly string[];
}

/** Spots between the veins, along the margin. */
export interface SpotRow {
  readonly wing: Which | 'both';
  /** Distance from the margin and size, wing lengths. */
  readonly inset: number;
  readonly size: number;
  readonly colour: string;
}

/** One specimen; equal specimens give equal butterflies. */
export interface Specimen {
  readonly plan: WingPlan;
  readonly seed: number;
  readonly fore: readonly [inner: string, outer: string];
  readonly hind: readonly [inner: string, outer: string];
  readonly veins: { readonly colour: string; readonly width: number };
  readonly border: { readonly colour: string; readonly fore: number; readonly hind: number };
  /** Dark tip of the fore wing: how much of it, 0 to 1. */
  readonly apex: number;
  readonly bands: readonly Band[];
  readonly spots: readonly SpotRow[];
  readonly eyes: readonly Eye[];
  /** Structural blue or green that changes over the wing, 0 to 1. */
  readonly iridescence: number;
  readonly body: string;
}

/** Colour of the wing membrane and its scales at a point, before light. */
export function wingColour(specimen: Specimen, which: Which, p: WingPoint, x: number, y: number): Rgb {
  const { seed } = specimen;
  // Scale colours are decided cell by cell, so contours waver a little between veins.
  const waver = 0.018 * noise(x * 26, y * 26, seed) + 0.03 * fbm(x * 7, y * 7, seed + 2, 2);
  const bulge = 0.02 * (1 - p.across * p.across);
  const reach = p.reach + waver - bulge;
  const [inner, outer] = specimen[which];
  let colour = blend(rgb(inner), rgb(outer), smoothstep(0.15, 0.95, reach));
  colour = scale(colour, 1 + 0.16 * fbm(x * 5, y * 5, seed + 5, 3));
  for (const band of specimen.bands) {
    if (band.wing !== 'both' && band.wing !== which) continue;
    const inside = smoothstep(band.half + 0.012, band.half - 0.012, Math.abs(reach - band.at));
    const span =
      smoothstep(-0.012, 0.012, p.turn + waver - (band.from ?? -1)) *
      smoothstep(-0.012, 0.012, (band.to ?? 2) - p.turn - waver);
    colour = blend(colour, rgb(band.colour), inside * span);
  }
  const border = specimen.border[which];
  const tip = which === 'fore' ? specimen.apex * smoothstep(0.55, 0.0, p.turn) : 0;
  const depth = border + tip * 0.42;
  const margin = p.inset + waver * 0.8 + 0.014 * p.across * p.across - 0.006;
  colour = blend(
    colour,
    rgb(specimen.border.colour),
    border === 0 && tip === 0 ? 0 : smoothstep(depth + 0.014, depth - 0.014, margin),
  );
  for (const row of specimen.spots) {
    if (row.wing !== 'both' && row.wing !== which) continue;
    const d = Math.hypot(p.across * p.cellWidth * 0.5, (p.inset - row.inset) * 0.9);
    const size =
      Math.min(row.size, p.cellWidth * 0.38) * (0.85 + 0.3 * noise(p.cell * 3.7, row.inset * 90, seed));
    colour = blend(colour, rgb(row.colour), smoothstep(size + 0.004, size - 0.004, d));
  }
  // Veins taper from the hinge to the margin.
  const width = specimen.veins.width * (1.15 - 0.5 * p.reach) * smoothstep(0, 0.2, p.reach);
  const line = smoothstep(width + 0.002, width - 0.0025, p.vein);
  return blend(colour, rgb(specimen.veins.colour), 0.88 * line);
}

/** Lays an eye spot over a colour. `distance` is from its centre, wing lengths. */
export function eyeColour(eye: Eye, distance: number, under: Rgb): Rgb {
  let colour = under;
  eye.rings.forEach((ring, i) => {
    const radius = eye.radius * (1 - i / eye.rings.length) ** 0.85;
    colour = blend(colour, rgb(ring), smoothstep(radius + 0.004, radius - 0.004, distance));
  });
  return colour;
}

/** Thin-film colour turns towards green and violet with the wing's slope. `slope` in -1 to 1. */
export function iridescent(colour: Rgb, amount: number, slope: number): Rgb {
  const blue = clamp01((colour[2] - colour[0]) * 2 + (colour[1] - colour[0]));
  const turn = amount * blue * slope;
  const shine = 1 + amount * blue * 0.75 * slope;
  return [
    clamp01(colour[0] * shine + Math.max(0, -turn) * 0.05),
    clamp01(colour[1] * shine * (1 + 0.3 * turn)),
    clamp01(colour[2] * shine * (1 - 0.08 * turn)),
  ];
}
