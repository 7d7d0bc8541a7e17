import { Text, Title } from '@mantine/core';
import { IconFolder, IconPhotoPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { GivenFile } from '../shell/dropped-files.ts';
import { FileButton } from '../shell/file-button.tsx';
import { FirstSteps } from '../shell/first-steps.tsx';
import classes from './empty-state.module.css';

/** Before the first photo: what the app does, and where to begin. */
export function EmptyState({ onFiles }: { onFiles: (files: GivenFile[]) => void }) {
  const { t } = useTranslation('restore');
  return (
    <div className={classes.stage}>
      <div className={classes.drop}>
        <Title order={1} size="1.5rem" ta="center">
          {t('empty.title')}
        </Title>
        <Text ta="center" maw={520} className={classes.lead}>
          {t('empty.lead')}
        </Text>
        <IconPhotoPlus size={56} stroke={1} aria-hidden className={classes.icon} />
        <Text fw={600}>{t('empty.drop')}</Text>
        <div className={classes.buttons}>
          <FileButton size="md" leftSection={<IconPhotoPlus size={18} stroke={1.5} />} onFiles={onFiles}>
            {t('empty.choose')}
          </FileButton>
          <FileButton
            folder
            size="md"
            variant="default"
            leftSection={<IconFolder size={18} stroke={1.5} />}
            onFiles={onFiles}
          >
            {t('empty.chooseFolder')}
          </FileButton>
        </div>
        <Text size="sm" className={classes.lead}>
          {t('empty.formats')}
        </Text>
      </div>
      <FirstSteps />
    </div>
  );
}
