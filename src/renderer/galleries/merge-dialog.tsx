import { Button, Group, Modal, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Gallery } from '../../core/galleries/galleries.ts';
import { useApi } from '../api.ts';
import { go } from '../shell/use-route.ts';
import { useGalleryChanges } from './use-gallery-changes.tsx';

interface MergeDialogProps {
  readonly gallery: Gallery;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks which gallery takes the references of this one. */
export function MergeDialog({ gallery, opened, onClose }: MergeDialogProps) {
  const { t } = useTranslation('galleries');
  const { query } = useApi();
  const { data: galleries = [] } = useQuery(query.galleries.list.queryOptions());
  const { merge } = useGalleryChanges();
  const [chosen, setChosen] = useState<string | null>(null);
  const others = galleries.filter(({ id }) => id !== gallery.id);
  const into = others.find(({ id }) => String(id) === chosen);
  return (
    <Modal opened={opened} onClose={onClose} centered title={t('merge.title', { gallery: gallery.name })}>
      {others.length === 0 ? (
        <Text>{t('merge.none')}</Text>
      ) : (
        <Select
          label={t('merge.into')}
          description={t('merge.hint', { gallery: gallery.name })}
          data={others.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={chosen}
          onChange={setChosen}
          searchable
          data-autofocus
        />
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button
          disabled={into === undefined}
          onClick={() => {
            onClose();
            // The view of a gallery that is gone gives way to the one it is part of.
            void merge(gallery, into!).then(() => go({ view: 'gallery', id: into!.id }));
          }}
        >
          {t('merge.action')}
        </Button>
      </Group>
    </Modal>
  );
}
