import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Settings } from './settings.ts';

const FORMATS = [
  'keep',
  'jpeg',
  'png',
  'webp',
  'tiff',
  'avif',
] as const satisfies readonly Settings['format'][];

/** Formats are called by their own names; WebP alone is not all capitals. */
function nameOf(format: Settings['format']): string {
  return format === 'webp' ? 'WebP' : format.toUpperCase();
}

interface FormatFieldProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

/** Format of the restored files. */
export function FormatField({ settings, onChange }: FormatFieldProps) {
  const { t } = useTranslation('restore');
  return (
    <Select
      label={t('output.format')}
      size="sm"
      allowDeselect={false}
      // It stands in a popover, which a click into another layer would close.
      comboboxProps={{ withinPortal: false }}
      data={FORMATS.map((format) => ({
        value: format,
        label: format === 'keep' ? t('output.keep') : nameOf(format),
      }))}
      value={settings.format}
      onChange={(value) => {
        const format = FORMATS.find((candidate) => candidate === value);
        if (format !== undefined) onChange({ ...settings, format });
      }}
    />
  );
}
