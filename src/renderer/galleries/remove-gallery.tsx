import { Button, Group, Modal, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Gallery } from '../../core/galleries/galleries.ts';
import { useApi } from '../api.ts';
import { referenceCount } from './words.ts';

interface RemoveGalleryProps {
  readonly gallery: Gallery;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks before a gallery goes. */
export function RemoveGallery({ gallery, opened, onClose }: RemoveGalleryProps) {
  const { query, queryClient } = useApi();
  const remove = useMutation(
    query.galleries.remove.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: query.galleries.pathKey() }),
      onSettled: onClose,
    }),
  );
  return (
    <Modal opened={opened} onClose={onClose} centered title={`Remove the gallery “${gallery.name}”?`}>
      <Text>
        {referenceCount(gallery.references)} will be taken out of RASR. The image files they came from stay
        where they are, and so do the photos already restored with them.
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button
          color="red"
          loading={remove.isPending}
          onClick={() => remove.mutate({ galleryId: gallery.id })}
        >
          Remove gallery
        </Button>
      </Group>
    </Modal>
  );
}
