import { Badge, Text } from '@mantine/core';
import { IconLayersIntersect } from '@tabler/icons-react';
import type { RecordView } from '../../api/views.ts';
import classes from './same-object-info.module.css';
import { sameObjectWords } from './words.ts';

/** That a reference shows the very same object, and how much of the picture came from it; nothing where none does. */
export function SameObjectInfo({ record: { sameObject, references } }: { record: RecordView }) {
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
        title={`${sameObject.inliers} details of the reference lie where they lie in the photo`}
      >
        This very object
      </Badge>
      <Text size="sm">{sameObjectWords(sameObject, reference.name)}</Text>
    </>
  );
}
