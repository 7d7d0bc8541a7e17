import { Anchor, Button, Text, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconChevronLeft, IconFolderPlus, IconPhotoPlus, IconPhotoSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reference } from '../../core/galleries/galleries.ts';
import { asApiError, useApi } from '../api.ts';
import { DropOverlay } from '../shell/drop-overlay.tsx';
import type { GivenFile } from '../shell/dropped-files.ts';
import { FileButton } from '../shell/file-button.tsx';
import { toHash } from '../shell/route.ts';
import { useFileDrop } from '../shell/use-file-drop.ts';
import { go } from '../shell/use-route.ts';
import { FindByImage } from './find-by-image.tsx';
import classes from './galleries.module.css';
import { GalleryMenu } from './gallery-menu.tsx';
import { ImportStatus } from './import-status.tsx';
import { useImports } from './imports-provider.tsx';
import { ReferenceGrid } from './reference-grid.tsx';
import { ReferenceToolbar } from './reference-toolbar.tsx';
import { ReferenceViewer } from './reference-viewer.tsx';
import { clear, kept, NOTHING_SELECTED, selectAll } from './selection.ts';
import { SelectionBar } from './selection-bar.tsx';
import { showRefusal } from './show-refusal.ts';
import { takeFilter } from './shown-filter.ts';
import type { ReferenceFilter } from './statistics-dialog.tsx';
import { useGalleryChanges } from './use-gallery-changes.tsx';
import { useOrder } from './use-order.ts';

const NONE: readonly number[] = [];

/** One gallery: its references, and what can be done with them. */
export function GalleryView({ galleryId }: { galleryId: number }) {
  const { t } = useTranslation('galleries');
  const { query } = useApi();
  const { imports, addReferences, dismiss } = useImports();
  const { removeReferences, undo } = useGalleryChanges();
  const [order, setOrder] = useOrder();
  const [filter, setFilter] = useState<ReferenceFilter | null>(() => takeFilter(galleryId));
  const [selected, setSelected] = useState(NOTHING_SELECTED);
  const [shown, setShown] = useState<Reference | null>(null);
  const [finding, setFinding] = useState(false);
  const { data: galleries } = useQuery(query.galleries.list.queryOptions());
  const { data: all } = useQuery(
    query.galleries.order.queryOptions({ galleryId, ...order }, { placeholderData: keepPreviousData }),
  );
  const ids = useMemo(() => shownIds(all ?? NONE, filter), [all, filter]);
  const selection = useMemo(() => kept(selected, ids), [selected, ids]);
  const add = (given: GivenFile[]) => {
    void addReferences(
      galleryId,
      given.map(({ file }) => file),
    ).catch((error: unknown) => showRefusal(asApiError(error)));
  };
  const over = useFileDrop(finding ? null : add);
  useHotkeys([
    ['mod+Z', undo],
    ['mod+A', () => setSelected(selectAll(selection, ids))],
  ]);

  const gallery = galleries?.find(({ id }) => id === galleryId);
  const listed = [...imports.values()].find((one) => one.galleryId === galleryId);
  if (galleries !== undefined && gallery === undefined) return <Gone />;
  return (
    <div className={classes.view}>
      {over && gallery && <DropOverlay text={t('dropTo', { gallery: gallery.name })} />}
      <header className={classes.header}>
        <div className={classes.where}>
          <Anchor size="sm" href={toHash({ view: 'galleries' })} className={classes.back}>
            <IconChevronLeft size={16} aria-hidden />
            {t('galleries')}
          </Anchor>
          <Title order={1} size="1.125rem" className={classes.title}>
            {gallery?.name}
          </Title>
          {gallery && <Text className={classes.quiet}>{t('count', { count: gallery.references })}</Text>}
        </div>
        <div className={classes.actions}>
          <FileButton leftSection={<IconPhotoPlus size={18} stroke={1.5} />} onFiles={add}>
            {t('addReferences')}
          </FileButton>
          <FileButton
            folder
            variant="default"
            leftSection={<IconFolderPlus size={18} stroke={1.5} />}
            onFiles={add}
          >
            {t('folder')}
          </FileButton>
          <Button
            variant="default"
            leftSection={<IconPhotoSearch size={18} stroke={1.5} />}
            onClick={() => setFinding(true)}
          >
            {t('findByImage')}
          </Button>
          {gallery && <GalleryMenu gallery={gallery} onLookAt={setFilter} />}
        </div>
      </header>
      {listed && <ImportStatus listed={listed} onDismiss={() => dismiss(listed.id)} />}
      {all?.length === 0 && listed === undefined && (
        <div className={classes.empty}>
          <IconPhotoPlus size={56} stroke={1} aria-hidden className={classes.emptyIcon} />
          <Title order={2} size="1.125rem">
            {t('empty.title')}
          </Title>
          <Text ta="center" maw={460} className={classes.quiet}>
            {t('empty.text')}
          </Text>
        </div>
      )}
      {(ids.length > 0 || filter !== null) && (
        <>
          <ReferenceToolbar
            order={order}
            onOrder={setOrder}
            count={ids.length}
            filter={filter}
            onEndFilter={() => setFilter(null)}
            onSelect={(some) => setSelected({ ...selection, ids: new Set(some) })}
            onSelectAll={() => setSelected(selectAll(selection, ids))}
          />
          <ReferenceGrid
            order={ids}
            selection={selection}
            onSelection={setSelected}
            onOpen={setShown}
            onRemove={(some) => void removeReferences(some)}
          />
        </>
      )}
      {selection.ids.size > 0 && (
        <SelectionBar
          galleryId={galleryId}
          ids={selection.ids}
          onClear={() => setSelected(clear(selection))}
        />
      )}
      <ReferenceViewer reference={shown} onClose={() => setShown(null)} />
      <FindByImage galleryId={galleryId} opened={finding} onClose={() => setFinding(false)} />
    </div>
  );
}

/** What a filter leaves of the references that are there now, group by group. */
function shownIds(all: readonly number[], filter: ReferenceFilter | null): readonly number[] {
  if (filter === null) return all;
  const there = new Set(all);
  return filter.groups.flat().filter((id) => there.has(id));
}

function Gone() {
  const { t } = useTranslation('galleries');
  const { undo } = useGalleryChanges();
  useHotkeys([['mod+Z', undo]]);
  return (
    <div className={classes.empty}>
      <Title order={1} size="1.125rem">
        {t('gone.title')}
      </Title>
      <Button variant="default" onClick={() => go({ view: 'galleries' })}>
        {t('gone.all')}
      </Button>
    </div>
  );
}
