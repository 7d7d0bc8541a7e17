/** Ways of laying before and after out: a divider between them, both beside each other, or a lens on one of them. */
export const WAYS = ['slider', 'side', 'lens'] as const;
export type Way = (typeof WAYS)[number];

/** The way after another one, and the first after the last. */
export function nextWay(way: Way): Way {
  return WAYS[(WAYS.indexOf(way) + 1) % WAYS.length]!;
}
