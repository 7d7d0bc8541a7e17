import { Text } from '@mantine/core';
import { IconPhotoDown } from '@tabler/icons-react';
import classes from './drop-overlay.module.css';

/** Covers the window while files are dragged over it and says what dropping them does. */
export function DropOverlay({ text }: { text: string }) {
  return (
    <div className={classes.overlay}>
      <div className={classes.frame}>
        <div className={classes.card}>
          <IconPhotoDown size={48} stroke={1.25} aria-hidden />
          <Text size="lg" fw={600}>
            {text}
          </Text>
        </div>
      </div>
    </div>
  );
}
