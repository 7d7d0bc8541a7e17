import { Button, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFolderPlus, IconLibraryPhoto, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api.ts';
import { DropOverlay } from '../shell/drop-overlay.tsx';
import { FileButton } from '../shell/file-button.tsx';
import { useFileDrop } from '../shell/use-file-drop.ts';
import { CreateGallery } from './create-gallery.tsx';
import classes from './galleries.module.css';
import { GalleryCard } from './gallery-card.tsx';
import { useImportFolders } from './use-import-folders.ts';

/** All galleries. */
export function GalleriesView() {
  const { query } = useApi();
  const { data: galleries } = useQuery(query.galleries.list.queryOptions());
  const [creating, { open, close }] = useDisclosure(false);
  const importFolders = useImportFolders();
  const over = useFileDrop(importFolders);

  const ways = (
    <div className={classes.actions}>
      <Button leftSection={<IconPlus size={18} stroke={1.5} />} onClick={open}>
        New gallery
      </Button>
      <FileButton
        folder
        variant="default"
        leftSection={<IconFolderPlus size={18} stroke={1.5} />}
        onFiles={importFolders}
      >
        Import folders…
      </FileButton>
    </div>
  );
  return (
    <>
      {over && <DropOverlay text="Drop folders: each becomes a gallery" />}
      <header className={classes.header}>
        <Title order={1} size="1.125rem">
          Galleries
        </Title>
        {galleries !== undefined && galleries.length > 0 && ways}
      </header>
      {galleries?.length === 0 && (
        <div className={classes.empty}>
          <IconLibraryPhoto size={56} stroke={1} aria-hidden className={classes.emptyIcon} />
          <Title order={2} size="1.125rem">
            No galleries yet
          </Title>
          <Text ta="center" maw={460} className={classes.quiet}>
            A gallery holds good photos of one kind of thing: tigers, tile panels, butterflies. RASR takes
            their detail when it restores a poor photo of the same kind.
          </Text>
          {ways}
        </div>
      )}
      {galleries !== undefined && galleries.length > 0 && (
        <ul className={classes.cards} aria-label="Galleries">
          {galleries.map((gallery) => (
            <GalleryCard key={gallery.id} gallery={gallery} />
          ))}
        </ul>
      )}
      <CreateGallery opened={creating} onClose={close} />
    </>
  );
}
