import { Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Reference } from '../../core/galleries/galleries.ts';
import { useHost } from '../host/context.ts';
import classes from './reference-viewer.module.css';

/** A reference at full size. */
export function ReferenceViewer({
  reference,
  onClose,
}: {
  reference: Reference | null;
  onClose: () => void;
}) {
  const { t } = useTranslation('galleries');
  const host = useHost();
  return (
    <Modal opened={reference !== null} onClose={onClose} centered size="auto" title={reference?.name}>
      {reference && (
        <>
          <img
            className={classes.picture}
            src={host.pictureUrl({ kind: 'reference', id: reference.sha256 })}
            width={reference.width}
            height={reference.height}
            alt={reference.name}
          />
          <Text size="sm" mt="xs">
            {t('viewer.kept', { width: reference.width, height: reference.height })}
            {reference.sharpness !== null && `, ${t('viewer.sharpness', { value: reference.sharpness })}`}
          </Text>
        </>
      )}
    </Modal>
  );
}
