import { Button, Input, Select, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError, useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import classes from './output-folder-field.module.css';
import type { Settings } from './settings.ts';

const DEFAULT = 'default';
const ANOTHER = 'another';

interface OutputFolderFieldProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

/** Where restored files go: beside their photos, or to a folder that is picked, or typed where there is no dialog. */
export function OutputFolderField({ settings, onChange }: OutputFolderFieldProps) {
  const { t } = useTranslation('restore');
  const { query, queryClient } = useApi();
  const { chooseFolder } = useHost();
  const [typing, setTyping] = useState(false);
  const { data: known = [] } = useQuery(query.outputFolders.list.queryOptions());
  const { outputFolder } = settings;
  const folders =
    outputFolder === undefined || known.includes(outputFolder) ? known : [outputFolder, ...known];

  const take = (folder: string | undefined) => {
    setTyping(false);
    onChange({ ...settings, outputFolder: folder });
    void queryClient.invalidateQueries({ queryKey: query.outputFolders.pathKey() });
  };
  const pick = async () => {
    if (chooseFolder === null) return setTyping(true);
    const picked = await chooseFolder();
    if (picked?.kind === 'taken') take(picked.folder);
    if (picked?.kind === 'refused') {
      const { message, remedy } = picked.error;
      notifications.show({ color: 'red', title: message, message: remedy });
    }
  };

  return (
    <div>
      <Select
        label={t('output.folder')}
        size="sm"
        allowDeselect={false}
        // It stands in a popover, which a click into another layer would close.
        comboboxProps={{ withinPortal: false }}
        classNames={{ option: classes.option }}
        data={[
          {
            value: DEFAULT,
            label: t(chooseFolder === null ? 'output.inLibrary' : 'output.beside'),
          },
          ...folders.map((folder) => ({ value: folder, label: endOf(folder) })),
          { value: ANOTHER, label: t(chooseFolder === null ? 'output.another' : 'output.pick') },
        ]}
        title={outputFolder}
        renderOption={({ option }) => (folders.includes(option.value) ? option.value : option.label)}
        value={typing ? ANOTHER : (outputFolder ?? DEFAULT)}
        onChange={(value) => {
          if (value === ANOTHER) void pick();
          else take(value === DEFAULT || value === null ? undefined : value);
        }}
      />
      {typing && <TypedFolder onFolder={take} />}
      {outputFolder !== undefined && !typing && (
        <Input.Description className={classes.meaning}>{t('output.keeps')}</Input.Description>
      )}
    </div>
  );
}

/** The end of a path tells most where there is no room for all of it. */
function endOf(folder: string): string {
  const parts = folder.split(/(?=[/\\])/);
  return parts.length > 3 ? `…${parts.slice(-2).join('')}` : folder;
}

/** A folder's path, checked by the engine before it is taken. */
function TypedFolder({ onFolder }: { onFolder: (folder: string) => void }) {
  const { t } = useTranslation('restore');
  const { client } = useApi();
  const [typed, setTyped] = useState('');
  const check = useMutation({
    mutationFn: (folder: string) => client.outputFolders.type.mutate({ folder }),
    networkMode: 'always',
    // The refusal stands at the field, so it needs no notification.
    meta: { quiet: true },
    onSuccess: onFolder,
  });
  const refusal = check.error === null ? null : asApiError(check.error);
  return (
    <form
      className={classes.typed}
      onSubmit={(event) => {
        event.preventDefault();
        check.mutate(typed);
      }}
    >
      <TextInput
        className={classes.path}
        size="sm"
        label={t('output.path')}
        spellCheck={false}
        data-autofocus
        autoFocus
        value={typed}
        error={refusal && `${refusal.message} ${refusal.remedy}`}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          check.reset();
        }}
      />
      <Button type="submit" size="sm" variant="default" loading={check.isPending}>
        {t('output.use')}
      </Button>
    </form>
  );
}
