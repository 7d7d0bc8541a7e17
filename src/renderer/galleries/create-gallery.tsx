import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { asApiError, useApi } from '../api.ts';
import { go } from '../shell/use-route.ts';

/** Asks for a name, makes the gallery and opens it. */
export function CreateGallery({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { query, queryClient, client } = useApi();
  const [name, setName] = useState('');
  const create = useMutation({
    mutationFn: (input: { name: string }) => client.galleries.create.mutate(input),
    networkMode: 'always',
    // The refusal stands at the field, so it needs no notification.
    meta: { quiet: true },
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: query.galleries.pathKey() });
      close();
      go({ view: 'gallery', id });
    },
  });

  const close = () => {
    setName('');
    create.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name });
  };
  const refusal = create.error === null ? null : asApiError(create.error);

  return (
    <Modal opened={opened} onClose={close} centered title="New gallery">
      <form onSubmit={submit}>
        <TextInput
          label="Name"
          description="What its photos show, for example “Tigers” or “Tile panels”"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={refusal && `${refusal.message} ${refusal.remedy}`}
          data-autofocus
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            Create
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
