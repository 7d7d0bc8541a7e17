import { Text, Title } from '@mantine/core';
import { IconFolder, IconPhotoPlus } from '@tabler/icons-react';
import type { GivenFile } from '../shell/dropped-files.ts';
import { FileButton } from '../shell/file-button.tsx';
import { FirstSteps } from '../shell/first-steps.tsx';
import classes from './empty-state.module.css';

/** Before the first photo: what the app does, and where to begin. */
export function EmptyState({ onFiles }: { onFiles: (files: GivenFile[]) => void }) {
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
      <FirstSteps />
    </div>
  );
}
