import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { JobView } from '../../api/views.ts';
import { useApi } from '../api.ts';

/** What the user chooses for a batch: gallery, strength, scale, format and name. */
export type Settings = JobView['settings'];

const DEFAULTS: Settings = {
  gallery: 'find',
  scale: 4,
  referenceStrength: 1,
  format: 'keep',
  nameTemplate: '{name}-restored',
};

/** Whether two settings ask for the same. */
export function sameSettings(a: Settings, b: Settings): boolean {
  return (Object.keys(DEFAULTS) as (keyof Settings)[]).every((key) => a[key] === b[key]);
}

/** The settings for the next photos, remembered by this browser. */
export function useSettings(): [Settings, (settings: Settings) => void] {
  const [stored, setStored] = useLocalStorage<Settings>({
    key: 'rasr-settings',
    defaultValue: DEFAULTS,
    getInitialValueInEffect: false,
  });
  const { query } = useApi();
  const { data: galleries } = useQuery(query.galleries.list.queryOptions());
  const settings = { ...DEFAULTS, ...stored };
  const gone =
    typeof settings.gallery === 'number' && galleries?.every(({ id }) => id !== settings.gallery) === true;
  return [gone ? { ...settings, gallery: 'find' } : settings, setStored];
}
