import { useTranslation } from 'react-i18next';
import type { Settings } from './settings.ts';
import { ShareButton, ShareField } from './share-field.tsx';

interface StrengthFieldProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
  /** Folded into a button. */
  readonly folded?: boolean;
}

/** How much references count; nothing to choose where none is used. */
export function StrengthField({ settings, onChange, folded = false }: StrengthFieldProps) {
  const { t } = useTranslation('restore');
  const off = settings.gallery === 'none';
  const field = {
    label: t('strength.label'),
    meaning: t('strength.meaning'),
    share: settings.referenceStrength,
    disabled: off,
    onChange: (referenceStrength: number) => onChange({ ...settings, referenceStrength }),
  };
  if (!folded) return <ShareField {...field} />;
  return off ? null : <ShareButton {...field} word={t('strength.word')} title={t('strength.title')} />;
}
