import { Anchor, Button, FileButton, Text } from '@mantine/core';
import { IconPhotoPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { JobView, RecordView } from '../../api/views.ts';
import type { Reference } from '../../core/galleries/galleries.ts';
import { useApi } from '../api.ts';
import { useImports } from '../galleries/imports-provider.tsx';
import { PHOTO_TYPES } from '../shell/file-button.tsx';
import { toHash } from '../shell/route.ts';
import { go } from '../shell/use-route.ts';
import classes from './no-reference.module.css';
import { ReferenceFigure } from './reference-row.tsx';
import { withoutReference } from './words.ts';

interface NoReferenceProps {
  readonly job: JobView & { readonly record: RecordView };
  /** The nearest reference as the library has it; undefined where there is none, or no more. */
  readonly nearest: Reference | undefined;
  /** Told to restore again with this reference. */
  readonly onUse: (referenceId: number) => void;
}

/** Why no reference was used, which one came nearest, and what can be done about it; nothing where one was used. */
export function NoReference({ job, nearest, onUse }: NoReferenceProps) {
  const { t } = useTranslation('references');
  const { decision, search } = job.record;
  const reason = withoutReference(t, job.record);
  if (reason === undefined) return null;
  const best = decision === 'rejected' ? search?.best : undefined;
  const similarity = best?.similarity ?? null;
  const threshold = search?.threshold ?? 1;
  return (
    <>
      <Text fw={600}>{t('none.title')}</Text>
      <Text size="sm">{reason}</Text>
      {best && similarity !== null && (
        <>
          <ul className={classes.list}>
            <ReferenceFigure reference={best} likeness={t('needs', { similarity, threshold })} />
          </ul>
          <Text size="sm">{t('none.why', { similarity, threshold })}</Text>
        </>
      )}
      {(decision === 'rejected' || decision === 'empty') && (
        <div className={classes.actions}>
          {nearest && best && (
            <Button size="compact-sm" variant="default" onClick={() => onUse(nearest.id)}>
              {t('none.use')}
            </Button>
          )}
          <AddReferences job={job} nearest={nearest} />
        </div>
      )}
    </>
  );
}

/** Takes photos into the gallery that was searched, or where the nearest reference lies. */
function AddReferences({ job, nearest }: Pick<NoReferenceProps, 'job' | 'nearest'>) {
  const { t } = useTranslation('references');
  const { query } = useApi();
  const { addReferences } = useImports();
  const { data: galleries = [] } = useQuery(query.galleries.list.queryOptions());
  const { gallery: wanted } = job.settings;
  const galleryId = typeof wanted === 'number' ? wanted : nearest?.galleryId;
  const gallery = galleries.find(({ id }) => id === galleryId);
  if (gallery === undefined) {
    return (
      <Anchor size="sm" href={toHash({ view: 'galleries' })} underline="always">
        {t('none.add')}
      </Anchor>
    );
  }
  const add = (files: File[]) => {
    if (files.length === 0) return;
    void addReferences(gallery.id, files);
    // There the import tells how it goes.
    go({ view: 'gallery', id: gallery.id });
  };
  return (
    <FileButton multiple accept={PHOTO_TYPES} onChange={add} inputProps={{ 'aria-label': t('none.files') }}>
      {(button) => (
        <Button
          {...button}
          size="compact-sm"
          variant="default"
          className={classes.add}
          title={t('none.addTo', { gallery: gallery.name })}
          leftSection={<IconPhotoPlus size={16} stroke={1.5} />}
        >
          <span className={classes.text}>{t('none.addTo', { gallery: gallery.name })}</span>
        </Button>
      )}
    </FileButton>
  );
}
