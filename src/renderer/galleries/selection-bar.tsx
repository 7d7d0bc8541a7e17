import { Button, CloseButton, Menu, Text } from '@mantine/core';
import { IconFolderSymlink, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import { NameDialog } from './name-dialog.tsx';
import classes from './selection-bar.module.css';
import { useGalleryChanges } from './use-gallery-changes.tsx';

interface SelectionBarProps {
  readonly galleryId: number;
  readonly ids: ReadonlySet<number>;
  readonly onClear: () => void;
}

/** What can be done with the selected references. */
export function SelectionBar({ galleryId, ids, onClear }: SelectionBarProps) {
  const { t } = useTranslation('galleries');
  const { client, query } = useApi();
  const { data: galleries = [] } = useQuery(query.galleries.list.queryOptions());
  const { move, removeReferences } = useGalleryChanges();
  const [naming, setNaming] = useState(false);
  const others = galleries.filter(({ id }) => id !== galleryId);
  return (
    <>
      <section className={classes.bar} aria-label={t('selection.label')}>
        <CloseButton size="sm" aria-label={t('selection.clear')} onClick={onClear} />
        <Text size="sm" fw={600} role="status">
          {t('selection.count', { count: ids.size })}
        </Text>
        <Menu position="top">
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconFolderSymlink size={16} stroke={1.5} />}
            >
              {t('selection.move')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown className={classes.galleries}>
            {others.map((gallery) => (
              <Menu.Item key={gallery.id} onClick={() => void move([...ids], gallery)}>
                {gallery.name}
              </Menu.Item>
            ))}
            {others.length > 0 && <Menu.Divider role="separator" />}
            <Menu.Item leftSection={<IconPlus size={16} />} onClick={() => setNaming(true)}>
              {t('selection.newGallery')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconTrash size={16} stroke={1.5} />}
          onClick={() => void removeReferences([...ids])}
        >
          {t('selection.remove')}
        </Button>
      </section>
      <NameDialog
        title={t('newGallery')}
        action={t('create')}
        opened={naming}
        onClose={() => setNaming(false)}
        onName={async (name) => move([...ids], await client.galleries.create.mutate({ name }))}
      />
    </>
  );
}
