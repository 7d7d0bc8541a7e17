import { Button, Text, TextInput } from '@mantine/core';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './name-field.module.css';
import type { Settings } from './settings.ts';
import { useExampleName } from './use-example-name.ts';

/** What a template can stand for. */
const PARTS = ['name', 'scale', 'gallery', 'date'] as const;

interface NameFieldProps {
  readonly settings: Settings;
  /** Told of templates that name something, while they are typed. */
  readonly onChange: (settings: Settings) => void;
}

/** How restored photos are named, with a live example. */
export function NameField({ settings, onChange }: NameFieldProps) {
  const { t } = useTranslation('restore');
  const input = useRef<HTMLInputElement>(null);
  const [template, setTemplate] = useState(settings.nameTemplate);
  const { name, fault, current } = useExampleName({ ...settings, nameTemplate: template });

  const keep = useEffectEvent(() => {
    if (template !== settings.nameTemplate) onChange({ ...settings, nameTemplate: template });
  });
  useEffect(() => {
    if (current) keep();
  }, [current]);

  const insert = (part: string) => {
    const { selectionStart, selectionEnd } = input.current ?? {};
    const [start, end] = [selectionStart ?? template.length, selectionEnd ?? template.length];
    setTemplate(template.slice(0, start) + part + template.slice(end));
    input.current?.focus();
  };

  return (
    <div className={classes.field}>
      <TextInput
        ref={input}
        label={t('output.name')}
        size="sm"
        spellCheck={false}
        maxLength={200}
        value={template}
        error={fault === null ? undefined : `${fault.message} ${fault.remedy}`}
        onChange={({ currentTarget }) => setTemplate(currentTarget.value)}
      />
      <div className={classes.parts}>
        {PARTS.map((part) => (
          <Button
            key={part}
            size="compact-xs"
            variant="default"
            title={`{${part}}`}
            onClick={() => insert(`{${part}}`)}
          >
            {t(`output.parts.${part}`)}
          </Button>
        ))}
      </div>
      {fault === null && name !== undefined && (
        <Text size="sm" className={classes.example} data-testid="example-name">
          {t('output.example', { name })}
        </Text>
      )}
    </div>
  );
}
