import { Input, SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api.ts';
import { FormatField } from './format-field.tsx';
import { OutputSettings } from './output-settings.tsx';
import type { Settings } from './settings.ts';
import classes from './settings-fields.module.css';
import { StrengthButton, StrengthField } from './strength-field.tsx';

interface SettingsFieldsProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
  /** Labels above the fields instead of beside them. */
  readonly stacked?: boolean;
}

const SCALES = [1, 2, 4] as const satisfies readonly Settings['scale'][];

/** Gallery, strength, scale and output, folded into buttons where that saves width, or, stacked, with the format alone. */
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
          w={stacked ? undefined : 152}
          allowDeselect={false}
          comboboxProps={combobox}
          data={references}
          value={String(settings.gallery)}
          onChange={(value) => value !== null && onChange({ ...settings, gallery: asGallery(value) })}
        />
        {!stacked && <StrengthButton settings={settings} onChange={onChange} />}
      </div>
      {stacked && <StrengthField settings={settings} onChange={onChange} />}
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
      {stacked ? (
        <FormatField settings={settings} onChange={onChange} />
      ) : (
        <OutputSettings settings={settings} onChange={onChange} />
      )}
    </div>
  );
}

function asGallery(value: string): Settings['gallery'] {
  return value === 'find' || value === 'none' ? value : Number(value);
}
