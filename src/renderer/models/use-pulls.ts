import { useSubscription } from '@trpc/tanstack-react-query';
import { useEffect, useRef } from 'react';
import type { PullView } from '../../api/views.ts';
import { useApi } from '../api.ts';

/** Pause before a subscription that ended is taken up again. */
const RETRY_MS = 1500;

/** What can be downloaded and how downloads go; a model that has arrived appears among the installed ones. */
export function usePulls(): readonly PullView[] {
  const { query, queryClient } = useApi();
  const known = useRef('');
  const { data, status, reset } = useSubscription(
    query.models.pulls.subscriptionOptions(undefined, {
      onData(pulls) {
        const ids = pulls.map(({ id }) => id).join();
        if (ids === known.current) return;
        known.current = ids;
        void queryClient.invalidateQueries({ queryKey: query.models.list.queryKey() });
      },
    }),
  );
  useEffect(() => {
    if (status !== 'error' && status !== 'idle') return;
    const timer = setTimeout(reset, RETRY_MS);
    return () => clearTimeout(timer);
  }, [status, reset]);
  return data ?? [];
}
