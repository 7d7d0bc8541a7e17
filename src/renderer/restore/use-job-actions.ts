import { notifications } from '@mantine/notifications';
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
  const { mutate: pause } = useMutation(query.jobs.pause.mutationOptions());
  const { mutate: resume } = useMutation(query.jobs.resume.mutationOptions());
  const { mutate: cancelAll } = useMutation(query.jobs.cancelAll.mutationOptions());
  const { mutate: retryFailed } = useMutation(query.jobs.retryFailed.mutationOptions());
  const { mutate: clearFinished } = useMutation(
    query.jobs.clearFinished.mutationOptions({ onSuccess: sayCleared }),
  );
  // The same functions every time, so that a long list draws only what changed.
  return useMemo(
    () => ({
      start,
      cancel: (jobId: string) => cancel({ jobId }),
      retry: (jobId: string) => retry({ jobId }),
      remove: (jobId: string) => remove({ jobId }),
      pause: () => pause(),
      resume: () => resume(),
      cancelAll: () => cancelAll(),
      retryFailed: () => retryFailed(),
      clearFinished: () => clearFinished(),
    }),
    [start, cancel, retry, remove, pause, resume, cancelAll, retryFailed, clearFinished],
  );
}

function sayCleared(count: number): void {
  const title = count === 1 ? 'One photo was cleared' : `${count} photos were cleared`;
  notifications.show({ title, message: 'Photos and restored files stay where they are.' });
}
