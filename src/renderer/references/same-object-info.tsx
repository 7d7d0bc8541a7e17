import { Badge, Text } from '@mantine/core';
import { IconLayersIntersect } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../../api/views.ts';
import classes from './same-object-info.module.css';
import { percentWords } from './words.ts';

/** That a reference shows the very same object, and how much of the picture came from it; nothing where none does. */
export function SameObjectInfo({ record: { sameObject, references } }: { record: RecordView }) {
  const { t } = useTranslation('references');
  const reference = references.find(({ sha256 }) => sha256 === sameObject?.sha256);
  if (sameObject === null || reference === undefined) return null;
  const { used, overlap, inliers } = sameObject;
  return (
    <>
      <Badge
        className={classes.badge}
        size="lg"
        radius="sm"
        tt="none"
        leftSection={<IconLayersIntersect size={16} stroke={1.75} aria-hidden />}
        title={t('sameObject.details', { count: inliers })}
      >
        {t('sameObject.badge')}
      </Badge>
      <Text size="sm">
        {t('sameObject.used', {
          used: percentWords(t, used),
          overlap: percentWords(t, overlap),
          name: reference.name,
        })}
      </Text>
    </>
  );
}
