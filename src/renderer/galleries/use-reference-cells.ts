import { useQueries } from '@tanstack/react-query';
import type { Reference } from '../../core/galleries/galleries.ts';
import { useApi } from '../api.ts';

/** References asked for at a time. */
const CHUNK = 120;

/** What is known of the references in sight, by their ids; those that are still asked for are missing. */
export function useReferenceCells(
  order: readonly number[],
  first: number,
  last: number,
): ReadonlyMap<number, Reference> {
  const { query } = useApi();
  const [from, to] = [Math.floor(first / CHUNK), Math.floor(Math.max(first, last) / CHUNK)];
  const chunks = Array.from({ length: to - from + 1 }, (_, n) =>
    order.slice((from + n) * CHUNK, (from + n + 1) * CHUNK),
  ).filter(({ length }) => length > 0);
  return useQueries({
    queries: chunks.map((referenceIds) =>
      // What is known of a reference changes by a move only, which invalidates it.
      query.galleries.cells.queryOptions({ referenceIds }, { staleTime: Number.POSITIVE_INFINITY }),
    ),
    combine: byId,
  });
}

function byId(
  results: readonly { readonly data: Reference[] | undefined }[],
): ReadonlyMap<number, Reference> {
  return new Map(results.flatMap(({ data = [] }) => data.map((reference) => [reference.id, reference])));
}
