/** Tile rules a bundle may have: ours, none overlapping, coarse multiples, a max that is no multiple, tight ones. */
export const TILE_RULES = [
  { multiple: 8, min: 16, max: 192, overlap: 16 },
  { multiple: 8, min: 8, max: 64, overlap: 0 },
  { multiple: 32, min: 64, max: 160, overlap: 24 },
  { multiple: 8, min: 16, max: 190, overlap: 16 },
  { multiple: 8, min: 40, max: 40, overlap: 16 },
  { multiple: 1, min: 1, max: 37, overlap: 18 },
] as const;
