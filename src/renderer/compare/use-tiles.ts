import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { type Api, asApiError, useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import { refusalInWords } from '../host/engine-words.ts';
import { needsTiles, type ShownPicture } from './shown-picture.ts';
import type { Placement } from './viewport.ts';

/** Whoever stays this long at a picture is likely to look closer: its tiles are made ready. */
const DWELL_MS = 1500;

/**
 * The tiles of a picture, once it is looked at closely or for a while: cutting a large one takes the engine some
 * seconds, and nobody who leafs through a hundred results shall wait for that.
 */
export function useTiles({ kind, id, against, size }: ShownPicture, placement: Placement) {
  const { query } = useApi();
  const host = useHost();
  const shown = placement.picture.width * window.devicePixelRatio;
  const [wanted, setWanted] = useState(false);
  if (!wanted && (kind === 'difference' || needsTiles(size, shown))) setWanted(true);
  useEffect(() => {
    const timer = setTimeout(() => setWanted(true), DWELL_MS);
    return () => clearTimeout(timer);
  }, []);

  const preparing = useQuery({ ...prepare(query, kind, id), enabled: wanted });
  const tileUrl = useCallback(
    (level: number, x: number, y: number) =>
      host.tileUrl({ kind, id, level, x, y, ...(against === undefined ? {} : { against }) }),
    [host, kind, id, against],
  );
  return {
    /** Null until there are tiles to be had. */
    tileUrl: preparing.data ? tileUrl : null,
    preparing: preparing.isLoading && needsTiles(size, shown),
    error: preparing.error === null ? null : refusalInWords(asApiError(preparing.error)),
  };
}

function prepare(query: Api['query'], kind: ShownPicture['kind'], id: string) {
  const picture = { kind: kind === 'photo' ? kind : ('result' as const), id };
  return query.compare.prepare.queryOptions(picture, { staleTime: Number.POSITIVE_INFINITY, retry: false });
}
