import { Badge, Text } from '@mantine/core';
import { IconLayersIntersect } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RecordView } from '../../api/views.ts';
import classes from './same-object-info.module.css';
import { sameObjectWords } from './words.ts';

/** That a reference shows the very same object, and how much of the picture came from it; nothing where none does. */
export function SameObjectInfo({ record: { sameObject, references } }: { record: RecordView }) {
  const { t } = useTranslation('compare');
  const reference = references.find(({ sha256 }) => sha256 === sameObject?.sha256);
  if (sameObject === null || reference === undefined) return null;
  return (
    <>
      <Badge
        className={classes.badge}
        size="lg"
        radius="sm"
        tt="none"
        leftSection={<IconLayersIntersect size={16} stroke={1.75} aria-hidden />}
        title={t('sameObject.inliers', { count: sameObject.inliers })}
      >
        {t('sameObject.badge')}
      </Badge>
      <Text size="sm">{sameObjectWords(t, sameObject, reference.name)}</Text>
    </>
  );
}
