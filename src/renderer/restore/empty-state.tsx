import { Anchor, Text, Title } from '@mantine/core';
import { IconFolder, IconPhotoPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api.ts';
import type { GivenFile } from '../shell/dropped-files.ts';
import { FileButton } from '../shell/file-button.tsx';
import { toHash } from '../shell/route.ts';
import classes from './empty-state.module.css';

/** Before the first photo: what the app does, and where to begin. */
export function EmptyState({ onFiles }: { onFiles: (files: GivenFile[]) => void }) {
  const { query } = useApi();
  const { data: galleries } = useQuery(query.galleries.list.queryOptions());
  return (
    <div className={classes.stage}>
      <div className={classes.drop}>
        <Title order={1} size="1.5rem" ta="center">
          Restore poor photos with the detail of good ones
        </Title>
        <Text ta="center" maw={520} className={classes.lead}>
          RASR finds the photos in your galleries that show the same kind of thing, and restores with their
          detail. Your originals are never changed.
        </Text>
        <IconPhotoPlus size={56} stroke={1} aria-hidden className={classes.icon} />
        <Text fw={600}>Drop photos or folders anywhere in this window</Text>
        <div className={classes.buttons}>
          <FileButton size="md" leftSection={<IconPhotoPlus size={18} stroke={1.5} />} onFiles={onFiles}>
            Choose photos…
          </FileButton>
          <FileButton
            folder
            size="md"
            variant="default"
            leftSection={<IconFolder size={18} stroke={1.5} />}
            onFiles={onFiles}
          >
            Choose a folder…
          </FileButton>
        </div>
        <Text size="sm" className={classes.lead}>
          JPEG, PNG, WebP, TIFF or AVIF. You can also paste a picture.
        </Text>
      </div>
      {galleries?.length === 0 && (
        <Text size="sm" ta="center" className={classes.hint}>
          You have no galleries yet. Without them RASR restores on its own;{' '}
          <Anchor href={toHash({ view: 'galleries' })} inherit fw={600} underline="always">
            add good photos of the same things
          </Anchor>{' '}
          to have their detail used.
        </Text>
      )}
    </div>
  );
}
