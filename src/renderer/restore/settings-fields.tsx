import { Input, SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import { DetailField } from './detail-field.tsx';
import { FormatField } from './format-field.tsx';
import { OutputFolderField } from './output-folder-field.tsx';
import { OutputSettings } from './output-settings.tsx';
import type { Settings } from './settings.ts';
import classes from './settings-fields.module.css';
import { StrengthField } from './strength-field.tsx';

interface SettingsFieldsProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
  /** Labels above the fields instead of beside them. */
  readonly stacked?: boolean;
}

const SCALES = [1, 2, 4] as const satisfies readonly Settings['scale'][];

/** Gallery, strength, detail, scale and output, folded into buttons where that saves width, or, stacked, without the name. */
export function SettingsFields({ settings, onChange, stacked = false }: SettingsFieldsProps) {
  const { t } = useTranslation('restore');
  const { query } = useApi();
  const { data: galleries = [] } = useQuery(query.galleries.list.queryOptions());
  const references = [
    { value: 'find', label: t('references.find') },
    { value: 'none', label: t('references.none') },
    ...(galleries.length === 0
      ? []
      : [
          {
            group: t('references.galleries'),
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
          {t('references.label')}
        </Input.Label>
        <Select
          aria-label={t('references.label')}
          size="sm"
          w={stacked ? undefined : 152}
          allowDeselect={false}
          comboboxProps={combobox}
          data={references}
          value={String(settings.gallery)}
          // Whoever chooses where to look anew has decided on no reference yet.
          onChange={(value) =>
            value !== null && onChange({ ...settings, gallery: asGallery(value), handPicked: undefined })
          }
        />
        {!stacked && <StrengthField folded settings={settings} onChange={onChange} />}
      </div>
      {stacked && <StrengthField settings={settings} onChange={onChange} />}
      <DetailField folded={!stacked} settings={settings} onChange={onChange} />
      <div className={classes.field}>
        <Input.Label component="span" size="sm">
          {t('size')}
        </Input.Label>
        <SegmentedControl
          aria-label={t('size')}
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
        <>
          <FormatField settings={settings} onChange={onChange} />
          <OutputFolderField settings={settings} onChange={onChange} />
        </>
      ) : (
        <OutputSettings settings={settings} onChange={onChange} />
      )}
    </div>
  );
}

function asGallery(value: string): Settings['gallery'] {
  return value === 'find' || value === 'none' ? value : Number(value);
}
