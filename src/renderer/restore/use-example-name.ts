import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ApiError } from '../../api/trpc.ts';
import { asApiError, useApi } from '../api.ts';
import { useJobs } from './jobs-provider.tsx';
import type { Settings } from './settings.ts';

/** What a photo's output would be called, as the engine itself names it. */
export interface ExampleName {
  /** The last name that could be made; undefined before the first. */
  readonly name: string | undefined;
  /** Why the template as it is now names nothing; null where it does. */
  readonly fault: ApiError | null;
  /** Whether `name` is that of these very settings. */
  readonly current: boolean;
}

/** Stands for a photo before there is one. */
const ANY_PHOTO = 'IMG_2041.jpg';

/** The name the last photo of the list would get. */
export function useExampleName(settings: Settings): ExampleName {
  const { query } = useApi();
  const { jobs } = useJobs();
  const photo = jobs.at(-1)?.photo ?? ANY_PHOTO;
  const { data, error, isSuccess, isPlaceholderData } = useQuery(
    query.jobs.exampleName.queryOptions(
      { photo, settings },
      { placeholderData: keepPreviousData, retry: false },
    ),
  );
  return {
    name: data,
    fault: error === null ? null : asApiError(error),
    current: isSuccess && !isPlaceholderData,
  };
}
