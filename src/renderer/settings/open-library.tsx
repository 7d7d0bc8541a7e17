import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../../api/trpc.ts';
import { useHost } from '../host/context.ts';
import { refusalInWords } from '../host/engine-words.ts';
import { useJobs } from '../restore/jobs-provider.tsx';
import classes from './settings.module.css';

interface OpenLibraryProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks for another library's folder and goes over to it: by the host's own dialog, or by its path. */
export function OpenLibrary({ opened, onClose }: OpenLibraryProps) {
  const { t } = useTranslation('settings');
  const { library } = useHost();
  const { batch } = useJobs();
  const [folder, setFolder] = useState('');
  // The window loads anew once it has worked.
  const change = useMutation<void, ApiError, string>({
    mutationFn: (wanted) => library.open(wanted),
    networkMode: 'always',
    meta: { quiet: true },
  });
  const waiting = batch.waiting + batch.running;
  const refusal = change.error === null ? null : refusalInWords(change.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(folder.trim());
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t('library.changeTitle')} centered>
      <form onSubmit={submit} className={classes.form}>
        <Text size="sm">{t('library.changeLead')}</Text>
        {waiting > 0 && <Text size="sm">{t('library.waiting', { count: waiting })}</Text>}
        {!library.asksItself && (
          <TextInput
            data-autofocus
            label={t('library.newFolder')}
            description={t('library.newFolderHint')}
            value={folder}
            error={refusal && `${refusal.message} ${refusal.remedy}`}
            onChange={({ currentTarget }) => setFolder(currentTarget.value)}
          />
        )}
        {library.asksItself && refusal && (
          <Text size="sm" role="alert" c="var(--mantine-color-error)">
            {refusal.message} {refusal.remedy}
          </Text>
        )}
        <Text size="sm" role="status">
          {change.isPending && t('library.opening')}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('library.cancel')}
          </Button>
          <Button
            type="submit"
            loading={change.isPending}
            disabled={!library.asksItself && folder.trim() === ''}
          >
            {t('library.open')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
