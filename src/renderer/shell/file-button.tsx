import { Button, type ButtonProps } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type GivenFile, pickedFiles } from './dropped-files.ts';

interface FileButtonProps extends ButtonProps {
  /** Lets the user pick a folder, of which the photos are taken. */
  readonly folder?: boolean;
  /** Name of a button that shows an icon only. */
  readonly label?: string;
  readonly onFiles: (files: GivenFile[]) => void;
  readonly children: ReactNode;
}

/** All images, also kinds we cannot read: refusing with a remedy beats a file that cannot be picked. */
export const PHOTO_TYPES = 'image/*,.tif,.tiff,.avif,.heic';

/** A button that opens the file picker. */
export function FileButton({ folder = false, label, onFiles, children, ...button }: FileButtonProps) {
  const { t } = useTranslation('shell');
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label={t(folder ? 'folderOfPhotos' : 'photoFiles')}
        accept={folder ? undefined : PHOTO_TYPES}
        {...(folder ? { webkitdirectory: '' } : {})}
        onChange={({ currentTarget }) => {
          const given = pickedFiles([...(currentTarget.files ?? [])]);
          // Cleared, so that picking the same files again is a change again.
          currentTarget.value = '';
          if (given.length > 0) onFiles(given);
        }}
      />
      <Button {...button} aria-label={label} title={label} onClick={() => input.current?.click()}>
        {children}
      </Button>
    </>
  );
}
