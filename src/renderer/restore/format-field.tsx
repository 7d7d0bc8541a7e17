import { Select } from '@mantine/core';
import type { Settings } from './settings.ts';

const FORMATS: { value: Settings['format']; label: string }[] = [
  { value: 'keep', label: 'Same as photo' },
  { value: 'jpeg', label: 'JPEG' },
  { value: 'png', label: 'PNG' },
  { value: 'webp', label: 'WebP' },
  { value: 'tiff', label: 'TIFF' },
  { value: 'avif', label: 'AVIF' },
];

interface FormatFieldProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

/** Format of the restored files. */
export function FormatField({ settings, onChange }: FormatFieldProps) {
  return (
    <Select
      label="Format"
      size="sm"
      allowDeselect={false}
      // It stands in a popover, which a click into another layer would close.
      comboboxProps={{ withinPortal: false }}
      data={FORMATS}
      value={settings.format}
      onChange={(value) => {
        const format = FORMATS.find((candidate) => candidate.value === value);
        if (format !== undefined) onChange({ ...settings, format: format.value });
      }}
    />
  );
}
