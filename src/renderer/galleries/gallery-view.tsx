import { Anchor, Button, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronLeft, IconFolderPlus, IconPhotoPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Reference } from '../../core/galleries/galleries.ts';
import { useApi } from '../api.ts';
import { DropOverlay } from '../shell/drop-overlay.tsx';
import type { GivenFile } from '../shell/dropped-files.ts';
import { FileButton } from '../shell/file-button.tsx';
import { toHash } from '../shell/route.ts';
import { useFileDrop } from '../shell/use-file-drop.ts';
import { go } from '../shell/use-route.ts';
import classes from './galleries.module.css';
import { ImportStatus } from './import-status.tsx';
import { useImports } from './imports-provider.tsx';
import { ReferenceGrid } from './reference-grid.tsx';
import { ReferenceViewer } from './reference-viewer.tsx';
import { RemoveGallery } from './remove-gallery.tsx';
import { referenceCount } from './words.ts';

/** One gallery: its references, and the way to add and remove some. */
export function GalleryView({ galleryId }: { galleryId: number }) {
  const { query } = useApi();
  const { imports, addReferences, dismiss } = useImports();
  const { data: galleries } = useQuery(query.galleries.list.queryOptions());
  const { data: references } = useQuery(query.galleries.references.queryOptions({ galleryId }));
  const [removing, { open, close }] = useDisclosure(false);
  const [shown, setShown] = useState<Reference | null>(null);
  const add = (given: GivenFile[]) => {
    const files = given.map(({ file }) => file);
    void addReferences(galleryId, files);
  };
  const over = useFileDrop(add);

  const gallery = galleries?.find(({ id }) => id === galleryId);
  const running = imports[galleryId];
  if (galleries !== undefined && gallery === undefined) return <Gone />;
  return (
    <>
      {over && gallery && <DropOverlay text={`Drop to add to “${gallery.name}”`} />}
      <header className={classes.header}>
        <div className={classes.where}>
          <Anchor size="sm" href={toHash({ view: 'galleries' })} className={classes.back}>
            <IconChevronLeft size={16} aria-hidden />
            Galleries
          </Anchor>
          <Title order={1} size="1.125rem" className={classes.title}>
            {gallery?.name}
          </Title>
          {gallery && <Text className={classes.quiet}>{referenceCount(gallery.references)}</Text>}
        </div>
        <div className={classes.actions}>
          <FileButton leftSection={<IconPhotoPlus size={18} stroke={1.5} />} onFiles={add}>
            Add references
          </FileButton>
          <FileButton
            folder
            variant="default"
            leftSection={<IconFolderPlus size={18} stroke={1.5} />}
            onFiles={add}
          >
            Folder
          </FileButton>
          <Button variant="default" aria-label="Remove gallery" px="xs" onClick={open}>
            <IconTrash size={18} stroke={1.5} />
          </Button>
        </div>
      </header>
      {running && <ImportStatus state={running} onDismiss={() => dismiss(galleryId)} />}
      {references?.length === 0 && running === undefined && (
        <div className={classes.empty}>
          <IconPhotoPlus size={56} stroke={1} aria-hidden className={classes.emptyIcon} />
          <Title order={2} size="1.125rem">
            Drop good photos here
          </Title>
          <Text ta="center" maw={460} className={classes.quiet}>
            Sharp, well lit photos of the same kind of thing, from several sides. Photos and folders can be
            dropped anywhere in this window.
          </Text>
        </div>
      )}
      {references !== undefined && references.length > 0 && (
        <ReferenceGrid references={references} onOpen={setShown} />
      )}
      <ReferenceViewer reference={shown} onClose={() => setShown(null)} />
      {gallery && <RemoveGallery gallery={gallery} opened={removing} onClose={close} />}
    </>
  );
}

function Gone() {
  return (
    <div className={classes.empty}>
      <Title order={1} size="1.125rem">
        This gallery was removed
      </Title>
      <Button variant="default" onClick={() => go({ view: 'galleries' })}>
        All galleries
      </Button>
    </div>
  );
}
