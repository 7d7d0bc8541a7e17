/** A count of references in words. */
export function referenceCount(count: number): string {
  return count === 1 ? '1 reference' : `${count} references`;
}
