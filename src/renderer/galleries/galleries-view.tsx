import { Button, Text, Title } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import {
  IconFileImport,
  IconFolderPlus,
  IconLibraryPhoto,
  IconPhotoSearch,
  IconPlus,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';
import { DropOverlay } from '../shell/drop-overlay.tsx';
import { FileButton } from '../shell/file-button.tsx';
import { useFileDrop } from '../shell/use-file-drop.ts';
import { go } from '../shell/use-route.ts';
import { FindByImage } from './find-by-image.tsx';
import classes from './galleries.module.css';
import { GalleryCard } from './gallery-card.tsx';
import { NameDialog } from './name-dialog.tsx';
import { useGalleryChanges } from './use-gallery-changes.tsx';
import { GALLERY_FILE, useImportGalleries } from './use-import-galleries.ts';

/** All galleries. */
export function GalleriesView() {
  const { t } = useTranslation('galleries');
  const { client, query } = useApi();
  const { data: galleries } = useQuery(query.galleries.list.queryOptions());
  const [creating, creation] = useDisclosure(false);
  const [finding, search] = useDisclosure(false);
  const importGalleries = useImportGalleries();
  const over = useFileDrop(finding ? null : importGalleries);
  const { undo } = useGalleryChanges();
  useHotkeys([['mod+Z', undo]]);

  const ways = (
    <div className={classes.actions}>
      <Button leftSection={<IconPlus size={18} stroke={1.5} />} onClick={creation.open}>
        {t('newGallery')}
      </Button>
      <FileButton
        folder
        variant="default"
        leftSection={<IconFolderPlus size={18} stroke={1.5} />}
        onFiles={importGalleries}
      >
        {t('importFolders')}
      </FileButton>
      <GalleryFileButton onFile={(file) => importGalleries([{ file, folders: [] }])} />
      {galleries !== undefined && galleries.length > 0 && (
        <Button
          variant="default"
          leftSection={<IconPhotoSearch size={18} stroke={1.5} />}
          onClick={search.open}
        >
          {t('findByImage')}
        </Button>
      )}
    </div>
  );
  return (
    <>
      {over && <DropOverlay text={t('dropFolders')} />}
      <header className={classes.header}>
        <Title order={1} size="1.125rem">
          {t('galleries')}
        </Title>
        {galleries !== undefined && galleries.length > 0 && ways}
      </header>
      {galleries?.length === 0 && (
        <div className={classes.empty}>
          <IconLibraryPhoto size={56} stroke={1} aria-hidden className={classes.emptyIcon} />
          <Title order={2} size="1.125rem">
            {t('none.title')}
          </Title>
          <Text ta="center" maw={460} className={classes.quiet}>
            {t('none.text')}
          </Text>
          {ways}
        </div>
      )}
      {galleries !== undefined && galleries.length > 0 && (
        <ul className={classes.cards} aria-label={t('galleries')}>
          {galleries.map((gallery) => (
            <GalleryCard key={gallery.id} gallery={gallery} />
          ))}
        </ul>
      )}
      <NameDialog
        title={t('newGallery')}
        action={t('create')}
        opened={creating}
        onClose={creation.close}
        onName={async (name) =>
          go({ view: 'gallery', id: (await client.galleries.create.mutate({ name })).id })
        }
      />
      <FindByImage galleryId={null} opened={finding} onClose={search.close} />
    </>
  );
}

/** Picks a file that another library's gallery was exported to. */
function GalleryFileButton({ onFile }: { onFile: (file: File) => void }) {
  const { t } = useTranslation('galleries');
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('galleryFile')}
        accept={GALLERY_FILE}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file !== undefined) onFile(file);
          currentTarget.value = '';
        }}
      />
      <Button
        variant="default"
        leftSection={<IconFileImport size={18} stroke={1.5} />}
        onClick={() => input.current?.click()}
      >
        {t('importFile')}
      </Button>
    </>
  );
}
