import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import type { T } from './batch-words.ts';

/** What can be done with a job. The list follows through the engine's events. */
export function useJobActions() {
  const { t } = useTranslation('restore');
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
    query.jobs.clearFinished.mutationOptions({ onSuccess: (count) => sayCleared(t, count) }),
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

function sayCleared(t: T, count: number): void {
  notifications.show({ title: t('batch.cleared', { count }), message: t('batch.clearedFiles') });
}
