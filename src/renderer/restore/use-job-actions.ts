import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../api.ts';

/** What can be done with a job. The list follows through the engine's events. */
export function useJobActions() {
  const { query } = useApi();
  const { mutateAsync: start } = useMutation(query.jobs.start.mutationOptions());
  const { mutate: cancel } = useMutation(query.jobs.cancel.mutationOptions());
  const { mutate: retry } = useMutation(query.jobs.retry.mutationOptions());
  const { mutate: remove } = useMutation(query.jobs.remove.mutationOptions());
  // The same functions every time, so that a long list draws only what changed.
  return useMemo(
    () => ({
      start,
      cancel: (jobId: string) => cancel({ jobId }),
      retry: (jobId: string) => retry({ jobId }),
      remove: (jobId: string) => remove({ jobId }),
    }),
    [start, cancel, retry, remove],
  );
}
