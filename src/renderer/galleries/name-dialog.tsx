import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError, useApi } from '../api.ts';

interface NameDialogProps {
  readonly title: string;
  readonly action: string;
  /** The name to begin with. */
  readonly initial?: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Does it; the dialog stays open with the refusal at the field where it is refused. */
  readonly onName: (name: string) => Promise<void>;
}

/** Asks for the name of a gallery. */
export function NameDialog({ opened, onClose, title, ...form }: NameDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} centered title={title}>
      {opened && <NameForm {...form} onClose={onClose} />}
    </Modal>
  );
}

function NameForm({ action, initial = '', onName, onClose }: Omit<NameDialogProps, 'opened' | 'title'>) {
  const { t } = useTranslation('galleries');
  const { query, queryClient } = useApi();
  const [name, setName] = useState(initial);
  const naming = useMutation({
    mutationFn: onName,
    networkMode: 'always',
    // The refusal stands at the field, so it needs no notification.
    meta: { quiet: true },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: query.galleries.pathKey() });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!naming.isPending) naming.mutate(name);
  };
  const refusal = naming.error === null ? null : asApiError(naming.error);
  return (
    <form onSubmit={submit}>
      <TextInput
        label={t('name')}
        description={t('nameHint')}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        onFocus={({ currentTarget }) => currentTarget.select()}
        error={refusal && `${refusal.message} ${refusal.remedy}`}
        data-autofocus
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button type="submit" loading={naming.isPending} disabled={name.trim() === ''}>
          {action}
        </Button>
      </Group>
    </form>
  );
}
