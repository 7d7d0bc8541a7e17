/** Mean difference of the three channels, of 255, from which on the map shows no more: restoring seldom changes more. */
export const FULL_DIFFERENCE = 64;

/** From no difference to the greatest, evenly spaced: grows steadily lighter, so that it reads without colours too. */
const HEAT: readonly (readonly [number, number, number])[] = [
  [0, 0, 4],
  [66, 10, 104],
  [147, 38, 103],
  [221, 81, 58],
  [252, 165, 10],
  [252, 255, 164],
];

/**
 * How much two pictures differ, pixel by pixel, as colours of heat.
 *
 * @param before interleaved 8-bit RGB
 * @param after of the same size
 * @returns interleaved 8-bit RGB
 */
export function differenceHeat(before: Uint8Array, after: Uint8Array): Uint8Array {
  const heat = new Uint8Array(after.length);
  for (let i = 0; i < after.length; i += 3) {
    const sum =
      Math.abs(before[i]! - after[i]!) +
      Math.abs(before[i + 1]! - after[i + 1]!) +
      Math.abs(before[i + 2]! - after[i + 2]!);
    const colour = Math.min(sum, 3 * FULL_DIFFERENCE) * 3;
    heat[i] = COLOUR_OF_SUM[colour]!;
    heat[i + 1] = COLOUR_OF_SUM[colour + 1]!;
    heat[i + 2] = COLOUR_OF_SUM[colour + 2]!;
  }
  return heat;
}

/** Red, green and blue for each sum of three differences. */
const COLOUR_OF_SUM = Uint8Array.from({ length: (3 * FULL_DIFFERENCE + 1) * 3 }, (_, i) =>
  heatAt(Math.trunc(i / 3) / (3 * FULL_DIFFERENCE), i % 3),
);

function heatAt(share: number, channel: number): number {
  const at = share * (HEAT.length - 1);
  const below = Math.min(Math.floor(at), HEAT.length - 2);
  const [from, to] = [HEAT[below]![channel]!, HEAT[below + 1]![channel]!];
  return Math.round(from + (to - from) * (at - below));
}
