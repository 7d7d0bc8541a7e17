import { Input } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { FormatField } from './format-field.tsx';
import { NameField } from './name-field.tsx';
import { OutputFolderField } from './output-folder-field.tsx';
import classes from './output-settings.module.css';
import type { Settings } from './settings.ts';
import { UnfoldingButton } from './unfolding-button.tsx';
import { useExampleName } from './use-example-name.ts';

/** Characters at a name's end that are always shown: what is added to the photo's name tells most. */
const TAIL = 13;

interface OutputSettingsProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

/** Folder, format and name of restored files, folded into a button that shows what comes of them. */
export function OutputSettings({ settings, onChange }: OutputSettingsProps) {
  const { t } = useTranslation('restore');
  const { name: file = settings.nameTemplate } = useExampleName(settings);
  const folder = settings.outputFolder?.split(/[/\\]/).at(-1);
  const name = folder === undefined ? file : `${folder}/${file}`;
  return (
    <div className={classes.field}>
      <Input.Label component="span" size="sm" className={classes.title}>
        {t('output.label')}
      </Input.Label>
      <UnfoldingButton
        className={classes.button}
        classNames={{ label: classes.label }}
        justify="space-between"
        rightSection={<IconChevronDown size={16} stroke={1.5} />}
        aria-label={t('labelled', { label: t('output.label'), value: name })}
        title={name}
        unfoldedWidth={340}
        unfoldedClassName={classes.dropdown}
        unfolded={() => (
          <>
            <OutputFolderField settings={settings} onChange={onChange} />
            <FormatField settings={settings} onChange={onChange} />
            <NameField settings={settings} onChange={onChange} />
          </>
        )}
      >
        <span className={classes.name}>{name.slice(0, -TAIL)}</span>
        {name.slice(-TAIL)}
      </UnfoldingButton>
    </div>
  );
}
