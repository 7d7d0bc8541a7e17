import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconArrowMerge,
  IconChartBar,
  IconDots,
  IconFileExport,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Gallery } from '../../core/galleries/galleries.ts';
import { useApi } from '../api.ts';
import { useHost } from '../host/context.ts';
import { MergeDialog } from './merge-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';
import { showRefusal } from './show-refusal.ts';
import { type ReferenceFilter, StatisticsDialog } from './statistics-dialog.tsx';
import { useGalleryChanges } from './use-gallery-changes.tsx';

interface GalleryMenuProps {
  readonly gallery: Gallery;
  readonly className?: string | undefined;
  /** Shows some of the references in the gallery's view. */
  readonly onLookAt: (filter: ReferenceFilter) => void;
}

type Open = 'rename' | 'merge' | 'statistics' | null;

/** What can be done with a whole gallery. */
export function GalleryMenu({ gallery, className, onLookAt }: GalleryMenuProps) {
  const { t } = useTranslation('galleries');
  const { client } = useApi();
  const host = useHost();
  const { removeGallery } = useGalleryChanges();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);

  async function exportGallery(): Promise<void> {
    const note = notifications.show({
      loading: true,
      autoClose: false,
      withCloseButton: false,
      message: t('exporting', { gallery: gallery.name }),
    });
    const result = await host.exportGallery(gallery.id);
    notifications.hide(note);
    if (result.kind === 'refused') showRefusal(result.error);
    if (result.kind === 'done') {
      notifications.show({ message: t('done.exported', { gallery: gallery.name }) });
    }
  }

  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            className={className}
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('more', { gallery: gallery.name })}
          >
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setOpen('rename')}>
            {t('menu.rename')}
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowMerge size={16} />} onClick={() => setOpen('merge')}>
            {t('menu.merge')}
          </Menu.Item>
          <Menu.Item leftSection={<IconChartBar size={16} />} onClick={() => setOpen('statistics')}>
            {t('menu.statistics')}
          </Menu.Item>
          <Menu.Item leftSection={<IconFileExport size={16} />} onClick={() => void exportGallery()}>
            {t('menu.export')}
          </Menu.Item>
          <Menu.Divider role="separator" />
          <Menu.Item
            leftSection={<IconTrash size={16} />}
            onClick={() => void removeGallery(gallery.id, gallery.name)}
          >
            {t('menu.remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <NameDialog
        title={t('rename.title', { gallery: gallery.name })}
        action={t('rename.action')}
        initial={gallery.name}
        opened={open === 'rename'}
        onClose={close}
        onName={async (name) => void (await client.galleries.rename.mutate({ galleryId: gallery.id, name }))}
      />
      <MergeDialog gallery={gallery} opened={open === 'merge'} onClose={close} />
      <StatisticsDialog
        gallery={gallery}
        opened={open === 'statistics'}
        onClose={close}
        onLookAt={(filter) => {
          close();
          onLookAt(filter);
        }}
      />
    </>
  );
}
