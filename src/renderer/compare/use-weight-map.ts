import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api.ts';
import type { DoneJob } from './done-job.ts';

/** Where a result came from a reference of the very same object, once it is asked for. */
export function useWeightMap({ id, record }: DoneJob) {
  const { query } = useApi();
  const [shown, setShown] = useState(false);
  const available = record.sameObject !== null;
  const { data } = useQuery({
    ...query.jobs.weightMap.queryOptions({ jobId: id }),
    enabled: available && shown,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return {
    available,
    shown,
    url: available && shown && data ? `data:image/png;base64,${data}` : null,
    toggle: () => setShown((old) => available && !old),
  };
}
