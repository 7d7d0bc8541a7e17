import { Input, SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api.ts';
import type { Settings } from './settings.ts';
import classes from './settings-fields.module.css';

interface SettingsFieldsProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
  /** Labels above the fields instead of beside them. */
  readonly stacked?: boolean;
}

const SCALES = [1, 2, 4] as const satisfies readonly Settings['scale'][];

const FORMATS: { value: Settings['format']; label: string }[] = [
  { value: 'keep', label: 'Same as photo' },
  { value: 'jpeg', label: 'JPEG' },
  { value: 'png', label: 'PNG' },
  { value: 'webp', label: 'WebP' },
  { value: 'tiff', label: 'TIFF' },
  { value: 'avif', label: 'AVIF' },
];

/** Gallery, scale and format. */
export function SettingsFields({ settings, onChange, stacked = false }: SettingsFieldsProps) {
  const { query } = useApi();
  const { data: galleries = [] } = useQuery(query.galleries.list.queryOptions());
  const references = [
    { value: 'find', label: 'Find the best' },
    { value: 'none', label: 'No reference' },
    ...(galleries.length === 0
      ? []
      : [
          {
            group: 'Galleries',
            items: galleries.map(({ id, name }) => ({ value: String(id), label: name })),
          },
        ]),
  ];
  // Stacked fields stand in a popover, which a click into another layer would close.
  const combobox = { withinPortal: !stacked };
  return (
    <div className={stacked ? classes.stacked : classes.inline}>
      <div className={classes.field}>
        <Input.Label component="span" size="sm">
          References
        </Input.Label>
        <Select
          aria-label="References"
          size="sm"
          w={stacked ? undefined : 168}
          allowDeselect={false}
          comboboxProps={combobox}
          data={references}
          value={String(settings.gallery)}
          onChange={(value) => value !== null && onChange({ ...settings, gallery: asGallery(value) })}
        />
      </div>
      <div className={classes.field}>
        <Input.Label component="span" size="sm">
          Size
        </Input.Label>
        <SegmentedControl
          aria-label="Size"
          size="sm"
          fullWidth={stacked}
          data={SCALES.map((scale) => ({ value: String(scale), label: `×${scale}` }))}
          value={String(settings.scale)}
          onChange={(value) => {
            const scale = SCALES.find((candidate) => String(candidate) === value);
            if (scale !== undefined) onChange({ ...settings, scale });
          }}
        />
      </div>
      <div className={classes.field}>
        <Input.Label component="span" size="sm">
          Format
        </Input.Label>
        <Select
          aria-label="Format"
          size="sm"
          w={stacked ? undefined : 160}
          allowDeselect={false}
          comboboxProps={combobox}
          data={FORMATS}
          value={settings.format}
          onChange={(value) => {
            const format = FORMATS.find((candidate) => candidate.value === value);
            if (format !== undefined) onChange({ ...settings, format: format.value });
          }}
        />
      </div>
    </div>
  );
}

function asGallery(value: string): Settings['gallery'] {
  return value === 'find' || value === 'none' ? value : Number(value);
}
