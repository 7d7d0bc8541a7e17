import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import type { Settings } from './settings.ts';
import { ShareButton, ShareField } from './share-field.tsx';

interface DetailFieldProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
  /** Folded into a button. */
  readonly folded?: boolean;
}

/** How much detail to invent; nothing where the generator in use cannot be told. */
export function DetailField({ settings, onChange, folded = false }: DetailFieldProps) {
  const { t } = useTranslation('restore');
  const { query } = useApi();
  const { data: generator } = useQuery(query.batch.generator.queryOptions());
  if (generator === undefined || generator.detail === null) return null;
  const field = {
    label: t('detail.label'),
    meaning: t('detail.meaning'),
    share: settings.detail ?? generator.detail,
    onChange: (detail: number) => onChange({ ...settings, detail }),
  };
  if (!folded) return <ShareField {...field} />;
  return <ShareButton {...field} word={t('detail.label')} title={t('detail.title')} />;
}
