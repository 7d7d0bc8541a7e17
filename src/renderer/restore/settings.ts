import { useMutation, useQuery } from '@tanstack/react-query';
import type { JobView } from '../../api/views.ts';
import { useApi } from '../api.ts';

/** What the user chooses for a batch: gallery, strength, scale, format, name and folder. */
export type Settings = JobView['settings'];

const DEFAULTS: Settings = {
  gallery: 'find',
  scale: 4,
  referenceStrength: 1,
  format: 'keep',
  nameTemplate: '{name}-restored',
};

/** Whether two settings ask for the same; what was picked by hand for one photo aside. */
export function sameSettings(a: Settings, b: Settings): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)] as (keyof Settings)[]);
  keys.delete('handPicked');
  return [...keys].every((key) => a[key] === b[key]);
}

/** The settings for the next photos, as the library remembers them. */
export interface NextSettings {
  /** What is chosen now; the defaults until that is known. */
  readonly settings: Settings;
  setSettings(settings: Settings): void;
  readonly loaded: boolean;
  /** What is chosen, once it is known: photos may come before that. */
  known(): Promise<Settings>;
}

export function useSettings(): NextSettings {
  const { query, queryClient } = useApi();
  const { data: stored, isPending } = useQuery(query.batch.settings.queryOptions());
  const { data: galleries } = useQuery(query.galleries.list.queryOptions());
  const { mutate: store } = useMutation({
    ...query.batch.setSettings.mutationOptions(),
    // One after the other: the last choice must be the one that stays.
    scope: { id: 'batch-settings' },
  });
  const settings = { ...DEFAULTS, ...stored };
  const gone =
    typeof settings.gallery === 'number' && galleries?.every(({ id }) => id !== settings.gallery) === true;
  return {
    settings: gone ? { ...settings, gallery: 'find' } : settings,
    setSettings(chosen) {
      const { handPicked: _forOnePhoto, ...kept } = chosen;
      // As JSON has it: what is undefined is not there.
      queryClient.setQueryData(query.batch.settings.queryKey(), kept as NonNullable<typeof stored>);
      store(kept);
    },
    loaded: !isPending,
    async known() {
      if (!isPending) return this.settings;
      const chosen = await queryClient.ensureQueryData(query.batch.settings.queryOptions()).catch(() => null);
      return { ...DEFAULTS, ...chosen };
    },
  };
}
