import { Button, Input, Popover } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { FormatField } from './format-field.tsx';
import { NameField } from './name-field.tsx';
import classes from './output-settings.module.css';
import type { Settings } from './settings.ts';
import { useExampleName } from './use-example-name.ts';

/** Characters at a name's end that are always shown: what is added to the photo's name tells most. */
const TAIL = 13;

interface OutputSettingsProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

/** Format and name of restored files, folded into a button that shows what comes of them. */
export function OutputSettings({ settings, onChange }: OutputSettingsProps) {
  const [opened, setOpened] = useState(false);
  const { name = settings.nameTemplate } = useExampleName(settings);
  return (
    <div className={classes.field}>
      <Input.Label component="span" size="sm" className={classes.title}>
        Output
      </Input.Label>
      <Popover
        opened={opened}
        onChange={setOpened}
        position="bottom-start"
        width={340}
        shadow="md"
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <Button
            size="sm"
            variant="default"
            className={classes.button}
            classNames={{ label: classes.label }}
            fw={400}
            justify="space-between"
            rightSection={<IconChevronDown size={16} stroke={1.5} />}
            aria-label={`Output: ${name}`}
            title={name}
            onClick={() => setOpened((open) => !open)}
          >
            <span className={classes.name}>{name.slice(0, -TAIL)}</span>
            {name.slice(-TAIL)}
          </Button>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown}>
          <FormatField settings={settings} onChange={onChange} />
          <NameField settings={settings} onChange={onChange} />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}
