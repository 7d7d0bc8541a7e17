import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api.ts';

/** How long an undo is offered, in ms; pointing at it stops the clock, and Ctrl+Z works longer. */
const OFFERED_MS = 12_000;

/** What can be done to galleries, each with an offer to undo it. */
export function useGalleryChanges() {
  const { t } = useTranslation('galleries');
  const { query, queryClient } = useApi();
  const options = {
    onSettled: () => queryClient.invalidateQueries({ queryKey: query.galleries.pathKey() }),
  };
  const { mutateAsync: removeGallery } = useMutation(query.galleries.remove.mutationOptions(options));
  const { mutateAsync: removeReferences } = useMutation(
    query.galleries.removeReferences.mutationOptions(options),
  );
  const { mutateAsync: move } = useMutation(query.galleries.move.mutationOptions(options));
  const { mutateAsync: merge } = useMutation(query.galleries.merge.mutationOptions(options));
  const { mutateAsync: undo } = useMutation(query.galleries.undo.mutationOptions(options));

  return useMemo(() => {
    function takeBack(changeId?: string) {
      undo(changeId === undefined ? {} : { changeId })
        .then(() => notifications.show({ message: t('undone'), autoClose: 3000 }))
        .catch(unheeded);
    }
    function offer(changeId: string, words: string, details?: string) {
      const id = `change-${changeId}`;
      notifications.show({
        id,
        autoClose: OFFERED_MS,
        message: (
          <Group justify="space-between" wrap="nowrap" gap="md">
            <div>
              <Text size="sm" fw={600}>
                {words}
              </Text>
              {details !== undefined && <Text size="sm">{details}</Text>}
            </div>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                notifications.hide(id);
                takeBack(changeId);
              }}
            >
              {t('undo')}
            </Button>
          </Group>
        ),
      });
    }
    return {
      removeGallery: (galleryId: number, name: string) =>
        removeGallery({ galleryId })
          .then(({ id }) => offer(id, t('done.gallery', { gallery: name }), t('done.stay')))
          .catch(unheeded),
      removeReferences: (referenceIds: readonly number[]) =>
        removeReferences({ referenceIds: [...referenceIds] })
          .then(({ id, references: count }) => offer(id, t('done.removed', { count }), t('done.stay')))
          .catch(unheeded),
      move: (referenceIds: readonly number[], gallery: { id: number; name: string }) =>
        move({ referenceIds: [...referenceIds], to: gallery.id })
          .then(({ id, references: count }) => offer(id, t('done.moved', { count, gallery: gallery.name })))
          .catch(unheeded),
      merge: (from: { id: number; name: string }, into: { id: number; name: string }) =>
        merge({ galleryId: from.id, into: into.id })
          .then(({ id }) => offer(id, t('done.merged', { from: from.name, into: into.name })))
          .catch(unheeded),
      /** Takes back the last change. */
      undo: () => takeBack(),
    };
  }, [t, removeGallery, removeReferences, move, merge, undo]);
}

/** The refusal was shown already, for every mutation alike. */
function unheeded(): void {}
