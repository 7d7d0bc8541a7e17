import { ActionIcon, Button, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconBookmark, IconCheck, IconX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import classes from './presets.module.css';
import { type Settings, sameSettings } from './settings.ts';
import { UnfoldingButton } from './unfolding-button.tsx';

interface PresetsProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

/** Settings by name: choose, save, delete. They lie in the library, so that every window has the same. */
export function Presets({ settings, onChange }: PresetsProps) {
  const { t } = useTranslation('restore');
  const { query } = useApi();
  const { data: presets = [] } = useQuery(query.presets.list.queryOptions());
  const current = presets.find((preset) => sameSettings(preset.settings, settings))?.name;
  return (
    <UnfoldingButton
      className={classes.button}
      classNames={{ section: classes.icon }}
      leftSection={<IconBookmark size={18} stroke={1.5} />}
      aria-label={
        current === undefined
          ? t('presets.title')
          : t('labelled', { label: t('presets.title'), value: current })
      }
      title={t('presets.title')}
      unfoldedWidth={280}
      unfolded={(fold) => (
        <>
          {presets.length === 0 ? (
            <Text size="sm" className={classes.quiet}>
              {t('presets.hint')}
            </Text>
          ) : (
            <ul className={classes.list} aria-label={t('presets.title')}>
              {presets.map(({ name, settings: saved }) => (
                <PresetRow
                  key={name}
                  name={name}
                  chosen={name === current}
                  onChoose={() => {
                    onChange(saved);
                    fold();
                  }}
                />
              ))}
            </ul>
          )}
          <SavePreset settings={settings} names={presets.map(({ name }) => name)} />
        </>
      )}
    >
      <span className={classes.label}>{current ?? t('presets.title')}</span>
    </UnfoldingButton>
  );
}

function PresetRow({ name, chosen, onChoose }: { name: string; chosen: boolean; onChoose: () => void }) {
  const { t } = useTranslation('restore');
  const { query, queryClient } = useApi();
  const remove = useMutation(
    query.presets.remove.mutationOptions({
      onSuccess: (presets) => queryClient.setQueryData(query.presets.list.queryKey(), presets),
    }),
  );
  return (
    <li className={classes.row}>
      <UnstyledButton className={classes.choose} aria-current={chosen} onClick={onChoose}>
        <span className={classes.name}>{name}</span>
        {chosen && <IconCheck size={16} aria-hidden />}
      </UnstyledButton>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={t('presets.deleteNamed', { name })}
        title={t('presets.delete')}
        onClick={() => remove.mutate({ name })}
      >
        <IconX size={14} />
      </ActionIcon>
    </li>
  );
}

function SavePreset({ settings, names }: { settings: Settings; names: readonly string[] }) {
  const { t } = useTranslation('restore');
  const { query, queryClient } = useApi();
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState('');
  const save = useMutation(
    query.presets.save.mutationOptions({
      onSuccess(presets) {
        queryClient.setQueryData(query.presets.list.queryKey(), presets);
        setName('');
      },
    }),
  );
  const trimmed = name.trim();
  const known = names.some((other) => other.toLocaleLowerCase() === trimmed.toLocaleLowerCase());
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    // Back to the field, filled or not: a button that were disabled would drop the focus out of the popover.
    input.current?.focus();
    if (trimmed !== '' && !save.isPending) save.mutate({ name: trimmed, settings });
  };
  return (
    <form className={classes.save} onSubmit={submit}>
      <TextInput
        ref={input}
        className={classes.grow}
        size="sm"
        aria-label={t('presets.nameLabel')}
        placeholder={t('presets.name')}
        maxLength={60}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Button type="submit" size="sm" variant="default">
        {t(known ? 'presets.replace' : 'presets.save')}
      </Button>
    </form>
  );
}
