import { useMutation, useQuery } from '@tanstack/react-query';
import type { WindowSettings } from '../../api/settings-procedures.ts';
import { useApi } from '../api.ts';

export type Theme = WindowSettings['theme'];

export const THEMES = ['auto', 'light', 'dark'] as const satisfies readonly Theme[];

const UNKNOWN: WindowSettings = { language: null, theme: 'auto' };

/** How the window looks and speaks, as the library keeps it; a change is seen at once. */
export function useWindowSettings(): [WindowSettings, (change: Partial<WindowSettings>) => void] {
  const { query, queryClient } = useApi();
  const { data = UNKNOWN } = useQuery(query.settings.window.queryOptions());
  const queryKey = query.settings.window.queryKey();
  const { mutate } = useMutation(
    query.settings.setWindow.mutationOptions({
      onMutate: (change) => queryClient.setQueryData(queryKey, { ...data, ...definedIn(change) }),
      onError: () => queryClient.invalidateQueries({ queryKey }),
    }),
  );
  return [data, (change) => mutate(change)];
}

type Change = { readonly [Name in keyof WindowSettings]?: WindowSettings[Name] | undefined };

/** What a change names; with it, what it leaves out stays. */
function definedIn({ language, theme }: Change): Partial<WindowSettings> {
  return { ...(language === undefined ? {} : { language }), ...(theme === undefined ? {} : { theme }) };
}
